#include "kiosk/platform/jack.hpp"

#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <thread>

namespace kaiku::platform {

namespace {

/// A file descriptor with an owner.
class File {
  public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File& operator=(File&&) = delete;
    ~File() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    int get() const { return descriptor_; }

  private:
    int descriptor_;
};

using Switches = std::array<unsigned char, SW_CNT / 8 + 1>;

bool has_headphones(const Switches& switches) {
    return (switches[SW_HEADPHONE_INSERT / 8] >> (SW_HEADPHONE_INSERT % 8) & 1U) != 0;
}

class EvdevJack final : public JackWatch {
  public:
    EvdevJack(File device, File stop, bool in, std::function<void(bool)> changed)
        : device_(std::move(device)), stop_(std::move(stop)), changed_(std::move(changed)) {
        thread_ = std::thread([this, in] { watch(in); });
    }
    EvdevJack(const EvdevJack&) = delete;
    EvdevJack& operator=(const EvdevJack&) = delete;
    ~EvdevJack() override {
        const std::uint64_t one = 1;
        // An eventfd that was never written takes this without waiting.
        (void)!write(stop_.get(), &one, sizeof one);
        thread_.join();
    }

  private:
    void watch(bool in) {
        changed_(in);
        std::array<pollfd, 2> waits{pollfd{device_.get(), POLLIN, 0},
                                    pollfd{stop_.get(), POLLIN, 0}};
        alignas(input_event) std::array<std::byte, 16 * sizeof(input_event)> buffer{};
        for (;;) {
            if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return;
            if (waits[1].revents != 0) return;
            if (waits[0].revents == 0) continue;
            const ssize_t got = read(device_.get(), buffer.data(), buffer.size());
            if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            // The device has gone, and the headphones with it.
            if (got <= 0) return changed_(false);
            const auto now =
                headphones_after(std::span(buffer).first(static_cast<std::size_t>(got)));
            if (now) changed_(*now);
        }
    }

    File device_;
    File stop_;
    std::function<void(bool)> changed_;
    std::thread thread_;
};

}  // namespace

std::optional<bool> headphones_after(std::span<const std::byte> events) noexcept {
    std::optional<bool> in;
    for (; events.size() >= sizeof(input_event); events = events.subspan(sizeof(input_event))) {
        input_event event{};
        std::memcpy(&event, events.data(), sizeof event);
        if (event.type == EV_SW && event.code == SW_HEADPHONE_INSERT) in = event.value != 0;
    }
    return in;
}

Result<std::unique_ptr<JackWatch>> JackWatch::open(const std::filesystem::path& device,
                                                   std::function<void(bool in)> changed) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): open takes its mode so
    File opened(::open(device.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (opened.get() < 0) {
        return fail(Errc::not_found, device.string() + ": " + std::strerror(errno) +
                                         "; check speech.headphone_device and that the terminal's "
                                         "user is in the group input");
    }
    Switches known{};
    Switches now{};
    // NOLINTBEGIN(cppcoreguidelines-pro-type-vararg): ioctl takes its argument so
    const bool is_socket = ioctl(opened.get(), EVIOCGBIT(EV_SW, sizeof known), &known) >= 0 &&
                           has_headphones(known) &&
                           ioctl(opened.get(), EVIOCGSW(sizeof now), &now) >= 0;
    // NOLINTEND(cppcoreguidelines-pro-type-vararg)
    if (!is_socket) {
        return fail(Errc::unsupported,
                    device.string() + ": is no headphone socket; evtest lists the devices");
    }
    File stop(eventfd(0, EFD_CLOEXEC));
    if (stop.get() < 0) return fail(Errc::io, std::string("eventfd: ") + std::strerror(errno));
    return std::unique_ptr<JackWatch>(std::make_unique<EvdevJack>(
        std::move(opened), std::move(stop), has_headphones(now), std::move(changed)));
}

}  // namespace kaiku::platform
