# Language level, warnings, sanitizers and output folders, the same for every target.
option(KAIKU_WERROR "Warnings are errors" OFF)
option(KAIKU_TIDY "Run clang-tidy while building" OFF)
option(KAIKU_COVERAGE "Instrument for gcov" OFF)
option(KAIKU_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(KAIKU_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(KAIKU_CCACHE ccache)
if(KAIKU_CCACHE)
  # What ccache's manual asks for where headers are precompiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${KAIKU_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${KAIKU_CCACHE})
endif()

# kaiku::options: linked by every target of ours, never by foreign sources.
add_library(kaiku_options INTERFACE)
target_include_directories(kaiku_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(kaiku_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wnull-dereference
  -Wdouble-promotion -Wformat=2 -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports null dereferences inside libstdc++ and Boost headers once it optimises, and
  # overlapping copies inside std::string (GCC bug 105651).
  target_compile_options(kaiku_options INTERFACE -Wduplicated-cond -Wlogical-op
    -Wno-null-dereference -Wno-restrict)
endif()
if(KAIKU_WERROR)
  target_compile_options(kaiku_options INTERFACE -Werror)
endif()
target_compile_definitions(kaiku_options INTERFACE KAIKU_VERSION="${PROJECT_VERSION}")

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(_FORTIFY_SOURCE=2)
  # At -O3 GCC 12 reports uninitialised members of moved strings; the sanitizers look for real ones.
  add_compile_options(-fPIE -Wno-maybe-uninitialized)
  add_link_options(-pie -Wl,-z,relro,-z,now -Wl,--as-needed)
endif()
if(KAIKU_SANITIZE)
  # GCC 12 reports uninitialised members inside libstdc++'s <regex> once it instruments them.
  add_compile_options(-Wno-maybe-uninitialized)
  add_compile_options(-fsanitize=${KAIKU_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  if(KAIKU_SANITIZE MATCHES "address.*undefined")
    # What the address sanitizer sees for itself, or what takes a third of the compiler's time and
    # has never found anything: pointers that are null, unaligned or of another class.
    add_compile_options(-fno-sanitize=null,alignment,vptr,object-size,pointer-overflow
      -fno-sanitize=nonnull-attribute,returns-nonnull-attribute)
  endif()
  add_link_options(-fsanitize=${KAIKU_SANITIZE})
  if(KAIKU_SANITIZE MATCHES "thread")
    # It does not understand bare fences; Asio's mutexes order things without them.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
if(KAIKU_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
if(KAIKU_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -g)
  add_link_options(-fsanitize=address,undefined)
endif()
if(KAIKU_TIDY)
  find_program(KAIKU_CLANG_TIDY NAMES clang-tidy-14 clang-tidy REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY ${KAIKU_CLANG_TIDY} --quiet --warnings-as-errors=*)
endif()
