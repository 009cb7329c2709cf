// The precompiled headers of all tests hang on this: see tests/CMakeLists.txt.
#include "tests/support/catch.hpp"
