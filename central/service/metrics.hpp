#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace kaiku::central {

/// Counters for operators in Prometheus' text format. No answers, no ids, no addresses.
class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// `route` must be one of the known routes or "other".
    void count_request(std::string_view route, int status);
    void count_stored(std::string_view channel);
    void count_known();
    void count_refused();
    void count_store_error();
    std::string text() const;

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace kaiku::central
