# One folder of the tree is one static library gyre_<folder>, and one test program <folder>_test.
#
#   gyre_folder(data LIBRARIES gyre_core gyre_io ... [TORCH [PLAIN file.cc ...]] [LABELS golden=Golden*:Other* ...])
#
# Sources, and tests likewise, are compiled several at once (GYRE_UNITY), so that headers are read a few times
# and not once a file: names in anonymous namespaces differ within a folder. What tests share is in testing.h.
#
# `ctest -L golden` runs the tests of that filter; `ctest` runs every test once.
# Sources are *.cc beside the CMakeLists.txt; *_test.cc go to the test program, *_bench.cc and
# *_fuzz.cc to nobody by default. TORCH marks the folders that may include LibTorch.
# Designated initialisers leave the rest at its defaults on purpose.
set(gyre_batch 8)  # sources at once
set(gyre_warnings -Wall -Wextra -Werror -Wno-missing-field-initializers)
set(gyre_leaks suppressions=${CMAKE_SOURCE_DIR}/cmake/leaks.txt:print_suppressions=0)
if(GYRE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(GYRE_SANITIZE)
  add_compile_options(-fsanitize=${GYRE_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${GYRE_SANITIZE})
endif()

# The one object file that knows where the tree is.
add_library(source_dir STATIC EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/source_dir.cc)
target_include_directories(source_dir PUBLIC ${CMAKE_SOURCE_DIR})
target_compile_definitions(source_dir PRIVATE GYRE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

function(gyre_folder name)
  cmake_parse_arguments(arg "TORCH" "" "LIBRARIES;TEST_LIBRARIES;EXCLUDE;PLAIN;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc */*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|bench|fuzz)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  foreach(pattern IN LISTS arg_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${pattern}")
    list(FILTER tests EXCLUDE REGEX "${pattern}")
  endforeach()
  if(NOT sources)  # headers only
    add_library(gyre_${name} INTERFACE)
    target_include_directories(gyre_${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(gyre_${name} INTERFACE ${arg_LIBRARIES})
    return()
  endif()
  add_library(gyre_${name} STATIC ${sources})
  target_include_directories(gyre_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(gyre_${name} PUBLIC ${arg_LIBRARIES})
  target_compile_options(gyre_${name} PRIVATE ${gyre_warnings})
  set_target_properties(gyre_${name} PROPERTIES
    UNITY_BUILD ${GYRE_UNITY} UNITY_BUILD_BATCH_SIZE ${gyre_batch})
  if(arg_TORCH)
    target_link_libraries(gyre_${name} PRIVATE gyre_torch)
    set_source_files_properties(${arg_PLAIN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    gyre_precompile_torch(gyre_${name})
  endif()
  if(GYRE_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE gyre_${name} ${arg_TEST_LIBRARIES} source_dir GTest::gtest_main)
    target_compile_options(${name}_test PRIVATE ${gyre_warnings})
    set_target_properties(${name}_test PROPERTIES
      UNITY_BUILD ${GYRE_UNITY} UNITY_BUILD_BATCH_SIZE ${gyre_batch})
    if(arg_TORCH)
      target_link_libraries(${name}_test PRIVATE gyre_torch)
      gyre_precompile_torch(${name}_test)
    endif()
    set(rest "*-")  # gtest: all but what follows
    set(parts ${name})
    foreach(pair IN LISTS arg_LABELS)
      string(REGEX MATCH "^([a-z]+)=(.+)$" matched "${pair}")
      set(label ${CMAKE_MATCH_1})
      set(filter ${CMAKE_MATCH_2})
      add_test(NAME ${name}_${label} COMMAND ${name}_test --gtest_filter=${filter})
      set_tests_properties(${name}_${label} PROPERTIES LABELS "${name};${label}")
      list(APPEND parts ${name}_${label})
      string(APPEND rest "${filter}:")
    endforeach()
    add_test(NAME ${name} COMMAND ${name}_test --gtest_filter=${rest})
    set_tests_properties(${name} PROPERTIES LABELS ${name})
    set_tests_properties(${parts} PROPERTIES TIMEOUT 900 ENVIRONMENT
      "OMP_NUM_THREADS=1;OPENBLAS_NUM_THREADS=1;LP_NUM_THREADS=0;LSAN_OPTIONS=${gyre_leaks}")
  endif()
endfunction()

# LibTorch's headers, compiled once and shared. They cost each file that they are forced on 2 s, so files that
# do not reach LibTorch go without where files are compiled one by one: PLAIN names them.
function(gyre_precompile_torch target)
  if(NOT GYRE_PCH)
    return()
  endif()
  if(NOT TARGET gyre_torch_pch)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/torch_pch.cc CONTENT "")  # keeps its time
    add_library(gyre_torch_pch STATIC ${CMAKE_BINARY_DIR}/torch_pch.cc)
    target_link_libraries(gyre_torch_pch PRIVATE fmt::fmt nlohmann_json::nlohmann_json gyre_torch)
    target_precompile_headers(gyre_torch_pch PRIVATE ${CMAKE_SOURCE_DIR}/gyre/model/torch.h)
  endif()
  target_precompile_headers(${target} REUSE_FROM gyre_torch_pch)
endfunction()
