# cmake -D run=<program> -D servers=<one|many> -D store=<model|files> -P replay.cmake: tells some
# seeds' stories twice; each must be the same to the letter.
foreach(seed 3 7 11 19)
  foreach(time first second)
    execute_process(COMMAND ${run} --servers ${servers} --store ${store} --seed ${seed}
                    OUTPUT_VARIABLE ${time} ERROR_QUIET RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "seed ${seed} failed: ${result}")
    endif()
  endforeach()
  string(LENGTH "${first}" length)
  if(length LESS 10000)
    message(FATAL_ERROR "seed ${seed} tells nothing:\n${first}")
  endif()
  if(NOT first STREQUAL second)
    message(FATAL_ERROR "seed ${seed} tells two stories")
  endif()
endforeach()
