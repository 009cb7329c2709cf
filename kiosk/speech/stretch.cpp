#include "kiosk/speech/stretch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace kaiku::speech {

namespace {

/// Frames of a piece, of the overlap of two pieces, and of how far the best fit is looked for.
struct Lengths {
    std::size_t piece, overlap, search;
};

class Stretcher {
  public:
    Stretcher(std::span<const std::int16_t> samples, int channels, const Lengths& lengths)
        : samples_(samples), channels_(static_cast<std::size_t>(channels)), lengths_(lengths) {}

    std::vector<std::int16_t> run(double speed) {
        const std::size_t frames = samples_.size() / channels_;
        const std::size_t kept = lengths_.piece - lengths_.overlap;
        const double step = static_cast<double>(kept) * speed;
        append(0, lengths_.piece);
        std::size_t natural = kept;  // where the last piece would have gone on
        for (double at = step;; at += step) {
            const auto wanted = static_cast<std::size_t>(at);
            if (std::max(wanted + lengths_.search, natural) + lengths_.piece > frames) {
                cross_fade(natural);
                append(natural + lengths_.overlap, frames);
                return std::move(out_);
            }
            const std::size_t found = best_fit(wanted, natural);
            cross_fade(found);
            append(found + lengths_.overlap, found + lengths_.piece);
            natural = found + kept;
        }
    }

  private:
    /// The place near `wanted` whose wave runs like the one at `natural`.
    std::size_t best_fit(std::size_t wanted, std::size_t natural) const {
        const std::size_t first = wanted > lengths_.search ? wanted - lengths_.search : 0;
        std::size_t best = wanted;
        double best_score = -1e300;
        for (std::size_t place = first; place <= wanted + lengths_.search; place += 2) {
            double score = 0;
            double energy = 1;
            for (std::size_t i = 0; i < lengths_.overlap; i += 2) {
                const double a = samples_[(natural + i) * channels_];
                const double b = samples_[(place + i) * channels_];
                score += a * b;
                energy += b * b;
            }
            score /= std::sqrt(energy);
            if (score > best_score) {
                best_score = score;
                best = place;
            }
        }
        return best;
    }

    void append(std::size_t from, std::size_t to) {
        const auto begin = samples_.begin();
        out_.insert(out_.end(), begin + static_cast<std::ptrdiff_t>(from * channels_),
                    begin + static_cast<std::ptrdiff_t>(std::max(from, to) * channels_));
    }

    /// Fades what was written last into what begins at `place`.
    void cross_fade(std::size_t place) {
        const std::size_t count = lengths_.overlap * channels_;
        const std::size_t tail = out_.size() - count;
        for (std::size_t i = 0; i < count; ++i) {
            const double part = static_cast<double>(i) / static_cast<double>(count);
            const double mixed =
                (1 - part) * out_[tail + i] + part * samples_[place * channels_ + i];
            out_[tail + i] = static_cast<std::int16_t>(std::lround(mixed));
        }
    }

    std::span<const std::int16_t> samples_;
    std::size_t channels_;
    Lengths lengths_;
    std::vector<std::int16_t> out_;
};

}  // namespace

std::vector<std::int16_t> stretch(std::span<const std::int16_t> samples, int channels,
                                  int frames_per_second, double speed) {
    const auto ms = [frames_per_second](std::size_t count) {
        return static_cast<std::size_t>(frames_per_second) * count / 1000;
    };
    const Lengths lengths{ms(40), ms(10), ms(9)};
    const std::size_t frames = samples.size() / static_cast<std::size_t>(std::max(channels, 1));
    const bool whole = channels >= 1 && samples.size() % static_cast<std::size_t>(channels) == 0;
    const bool useful = speed >= 0.5 && speed <= 2 && std::abs(speed - 1) > 0.01;
    if (!whole || !useful || lengths.overlap == 0 || frames < 3 * lengths.piece) {
        return {samples.begin(), samples.end()};
    }
    return Stretcher(samples, channels, lengths).run(speed);
}

double speed_of(int rate) noexcept {
    if (rate <= 1) return 0.75;
    return rate == 2 ? 1.0 : 1.5;
}

}  // namespace kaiku::speech
