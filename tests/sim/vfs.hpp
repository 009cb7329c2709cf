#pragma once

#include <cstdint>
#include <memory>

namespace kaiku::sim {

/// SQLite's way to the simulated disks (disk.hpp). While an object lives it is SQLite's default
/// system layer, and its clock and its random bits are the simulator's. One thread.
class Vfs {
  public:
    explicit Vfs(std::uint64_t seed);
    ~Vfs();
    Vfs(const Vfs&) = delete;
    Vfs& operator=(const Vfs&) = delete;

    struct Layer;

  private:
    std::unique_ptr<Layer> layer_;
};

}  // namespace kaiku::sim
