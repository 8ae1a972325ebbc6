# Gives the targets with the most files one precompiled header: half of a build goes into parsing
# the same headers again and again. A developer's own build goes without, for it hides a missing
# #include. Libraries and programs have one each, since only programs are compiled for PIE.
set(headers <algorithm> <chrono> <filesystem> <functional> <map> <memory> <set> <string> <vector>
    <fmt/format.h> ${PROJECT_SOURCE_DIR}/daemon/wire/methods/table.hpp)

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "int main() {}\n")
add_library(chatd_precompiled_library OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
target_precompile_headers(chatd_precompiled_library PRIVATE ${headers})
add_executable(chatd_precompiled_program ${PROJECT_BINARY_DIR}/precompiled.cpp)
target_precompile_headers(chatd_precompiled_program PRIVATE ${headers}
                          <catch2/catch.hpp>)
foreach(target chatd_precompiled_library chatd_precompiled_program)
  target_link_libraries(${target} PRIVATE chatd::wire chatd_options)
endforeach()

foreach(target chatd_app chatd_cli chatd_core chatd_host chatd_net chatd_sim)
  if(TARGET ${target})
    target_precompile_headers(${target} REUSE_FROM chatd_precompiled_library)
  endif()
endforeach()
foreach(target unit_cli unit_core unit_host unit_net unit_wire)
  if(TARGET ${target})
    target_precompile_headers(${target} REUSE_FROM chatd_precompiled_program)
  endif()
endforeach()
