# Third-party libraries, each as one imported target. Names and traps: docs/design.md, "Dependencies".
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PNG REQUIRED)
find_package(JPEG REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
find_package(mujoco REQUIRED)
# Debian's target names a header folder of libqhull that it neither needs nor depends on.
get_target_property(mujoco_includes mujoco::mujoco INTERFACE_INCLUDE_DIRECTORIES)
list(FILTER mujoco_includes EXCLUDE REGEX "qhull")
set_target_properties(mujoco::mujoco PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${mujoco_includes}")
find_library(OSMESA_LIBRARY OSMesa REQUIRED)

# Vectors of every processor.
pkg_check_modules(HWY REQUIRED IMPORTED_TARGET libhwy)

# LibTorch: Debian's 1.13 (CPU), or a newer CUDA build through CMAKE_PREFIX_PATH. Its headers warn
# under -Wall, so they are system headers.
find_package(Torch REQUIRED)
add_library(gyre_torch INTERFACE)
target_link_libraries(gyre_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(gyre_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
separate_arguments(gyre_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(gyre_torch INTERFACE ${gyre_torch_flags})

if(NOT GYRE_MINIMAL)
  find_package(SQLite3 REQUIRED)
  find_package(CLI11 REQUIRED)
  # Sockets: headers alone. Debian's msgpack-cxx conflicts with newer Boost packages and is not used.
  find_package(Boost 1.74 REQUIRED)
  find_package(prometheus-cpp REQUIRED)
  pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
  # Only for LeRobot's robots (`gyre serve --lerobot-port`); without it that flag says so.
  find_path(GRPC_INCLUDE_DIR grpcpp/generic/async_generic_service.h)
  find_library(GRPCPP_LIBRARY grpc++)
  find_library(GRPC_LIBRARY grpc)
  find_library(GPR_LIBRARY gpr)
  find_library(ABSL_SYNC_LIBRARY absl_synchronization)
  pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET libavformat libavcodec libavutil libswscale)
  # Opened with dlopen at run time, so that its absence is an error message; only the header here.
  find_path(DUCKDB_INCLUDE_DIR duckdb.h HINTS ${CMAKE_SOURCE_DIR}/.deps/duckdb REQUIRED)
  find_library(DUCKDB_LIBRARY duckdb HINTS ${CMAKE_SOURCE_DIR}/.deps/duckdb)
endif()
if(GYRE_TESTS)
  find_package(GTest REQUIRED)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # ccache hashes the precompiled header itself only with the first; by the others clones of this repository, wherever
  # they lie, take what one of them has compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
