# chatd_add_plugin(<name> <source>...): a library the daemon can load as plugin <name>. Exports
# chatd_plugin_query and nothing else.
function(chatd_add_plugin name)
  set(symbols ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE chatd::sdk)
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${symbols})
  target_link_options(${name} PRIVATE LINKER:--version-script=${symbols} LINKER:--no-undefined)
endfunction()
