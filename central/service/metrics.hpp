#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kaiku::central {

/// Figures for operators in Prometheus' text format, of one process. No answers, no ids, no
/// addresses. Safe to call from any thread.
class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// `route` must be a constant of the program.
    void count_request(std::string_view route, int status, double seconds);
    void count_stored(std::string_view channel);
    void count_known();
    void count_refused();
    void count_store_error();
    /// A transaction that stores what `requests` requests brought, `responses` together.
    void count_commit(std::size_t requests, std::size_t responses);
    /// `access` must be a constant of the program.
    void count_store_work(std::string_view access, double seconds);

    /// Asked whenever the figures are read; from any thread, quick, and as long as this lives.
    using Sample = std::function<double()>;
    void add_gauge(const std::string& name, const std::string& help, Sample sample) {
        add_gauge(name, help, {}, {}, std::move(sample));
    }
    /// One of several of that name, told apart by `label`.
    void add_gauge(const std::string& name, const std::string& help, const std::string& label,
                   const std::string& value, Sample sample);
    /// What only grows.
    void add_counter(const std::string& name, const std::string& help, Sample sample);

    std::string text() const;

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace kaiku::central
