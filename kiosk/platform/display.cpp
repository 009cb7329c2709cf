#include "kiosk/platform/display.hpp"

#include <SDL.h>
#include <imgui.h>
#include <imgui_impl_sdlrenderer.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <utility>

#include "kiosk/platform/fonts.hpp"
#include "kiosk/platform/input.hpp"
#include "kiosk/platform/picture.hpp"
#include "kiosk/platform/pointer.hpp"
#include "kiosk/platform/window.hpp"
#include "kiosk/ui/keyboard.hpp"

namespace kaiku::platform {

namespace {

constexpr int kMinSide = 320;
constexpr int kMaxSide = 8192;
/// Frames drawn after an input event, so that a changed state has settled on the glass.
constexpr int kFramesAfterEvent = 2;

struct SurfaceDeleter {
    void operator()(SDL_Surface* surface) const { SDL_FreeSurface(surface); }
};
struct RendererDeleter {
    void operator()(SDL_Renderer* renderer) const { SDL_DestroyRenderer(renderer); }
};
struct WindowDeleter {
    void operator()(SDL_Window* window) const { SDL_DestroyWindow(window); }
};

Status check_panel(const ui::Panel& panel) {
    const bool pixels = panel.width_px >= kMinSide && panel.width_px <= kMaxSide &&
                        panel.height_px >= kMinSide && panel.height_px <= kMaxSide;
    if (!pixels) return fail(Errc::invalid, "the panel must have 320 to 8192 pixels a side");
    if (panel.width_mm < 50 || panel.height_mm < 50 || panel.width_mm > 3000 ||
        panel.height_mm > 3000) {
        return fail(Errc::invalid, "the panel must measure 50 to 3000 mm a side");
    }
    return {};
}

std::uint8_t channel(float value) {
    return static_cast<std::uint8_t>(std::clamp(value * 255.0F + 0.5F, 0.0F, 255.0F));
}

class SdlDisplay final : public Display {
  public:
    SdlDisplay(DisplayOptions options, FontFiles files)
        : options_(std::move(options)), panel_(options_.panel), files_(std::move(files)) {
        options_.glyphs += ui::drawn_characters();
        pointer_.set_dwell(options_.dwell);
    }
    SdlDisplay(const SdlDisplay&) = delete;
    SdlDisplay& operator=(const SdlDisplay&) = delete;

    ~SdlDisplay() override {
        close_renderer();
        if (context_ != nullptr) ImGui::DestroyContext(context_);
        for (auto& set : sets_) set.reset();
        renderer_.reset();
        surface_.reset();
        window_.reset();
        SDL_Quit();
    }

    Status start() {
        SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
        SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
        // The window's pixels go up by shared memory: never through a GL texture.
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
        SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
        Status opened = options_.headless ? open_surface() : open_window();
        if (!opened) return opened;
        IMGUI_CHECKVERSION();
        auto first = build_fonts(files_, panel_, flow::TextSize::m, options_.glyphs);
        if (!first) return tl::make_unexpected(first.error());
        auto& slot = sets_[static_cast<std::size_t>(flow::TextSize::m)];
        slot = std::move(*first);
        context_ = ImGui::CreateContext(slot->atlas.get());
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.LogFilename = nullptr;
        io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
        io.MouseDrawCursor = false;
        open_renderer();
        return {};
    }

    Woken wait(std::optional<std::chrono::milliseconds> timeout) override {
        return options_.headless ? wait_headless(timeout) : wait_window(timeout);
    }

    void wake() noexcept override {
        if (options_.headless) {
            const std::lock_guard lock(mutex_);
            woken_ = true;
            condition_.notify_one();
            return;
        }
        SDL_Event event;
        std::memset(&event, 0, sizeof event);
        event.type = wake_event_;
        SDL_PushEvent(&event);
    }

    void frame(const std::function<bool()>& draw) override {
        ImGui::GetIO().Fonts = sets_[static_cast<std::size_t>(size_)]->atlas.get();
        ImGui_ImplSDLRenderer_NewFrame();
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = {static_cast<float>(panel_.width_px),
                          static_cast<float>(panel_.height_px)};
        io.DeltaTime = 1.0F / 60.0F;
        const PointerFrame pointer = pointer_.next();
        io.MousePos = pointer.present ? ImVec2{pointer.x, pointer.y} : ImVec2{-FLT_MAX, -FLT_MAX};
        io.MouseDown[0] = pointer.down;
        ImGui::NewFrame();
        io.WantCaptureMouse = false;  // the screens set it when a press lands on a widget
        const bool show = draw();
        touched_ = pointer.changed && pointer.down && !io.WantCaptureMouse;
        if (!show) {
            ImGui::EndFrame();
            return;
        }
        ImGui::Render();
        ++frames_;
        if (settle_ > 0) --settle_;
        if (!options_.headless) paint();
    }

    bool wants_frame() const noexcept override { return settle_ > 0 || pointer_.wants_frame(); }
    bool touched() noexcept override { return std::exchange(touched_, false); }

    const ui::Fonts& fonts(flow::TextSize size) override {
        auto& slot = sets_[static_cast<std::size_t>(size)];
        if (!slot) {
            auto built = build_fonts(files_, panel_, size, options_.glyphs);
            // The same files were read at the start; losing them means a broken disk. The size in
            // use goes on serving.
            if (!built) return sets_[static_cast<std::size_t>(size_)]->fonts;
            slot = std::move(*built);
            upload_letters(renderer_.get(), *slot->atlas);
        }
        size_ = size;
        return slot->fonts;
    }

    const ui::Panel& panel() const noexcept override { return panel_; }

    Status set_panel(const ui::Panel& panel) override {
        if (!options_.headless) return fail(Errc::unsupported, "a window keeps its panel");
        if (Status checked = check_panel(panel); !checked) return checked;
        close_renderer();
        for (auto& set : sets_) set.reset();
        panel_ = panel;
        auto built = build_fonts(files_, panel_, size_, options_.glyphs);
        if (!built) return tl::make_unexpected(built.error());
        auto& slot = sets_[static_cast<std::size_t>(size_)];
        slot = std::move(*built);
        ImGui::GetIO().Fonts = slot->atlas.get();
        if (Status opened = open_surface(); !opened) return opened;
        open_renderer();
        return {};
    }

    void inject_press(float x, float y) override { pointer_.press(PointerLayer::kMouse, x, y); }
    void inject_release(float x, float y) override { pointer_.release(PointerLayer::kMouse, x, y); }

    Status screenshot(const std::filesystem::path& file) override {
        if (options_.headless) paint();
        Picture picture{panel_.width_px, panel_.height_px, {}};
        picture.rgba.resize(static_cast<std::size_t>(picture.width * picture.height) * 4);
        if (SDL_RenderReadPixels(renderer_.get(), nullptr, SDL_PIXELFORMAT_RGBA32,
                                 picture.rgba.data(), picture.width * 4) != 0) {
            return fail(Errc::io, std::string("cannot read the screen: ") + SDL_GetError());
        }
        return write_png(picture, file);
    }

    std::uint64_t frames() const noexcept override { return frames_; }

  private:
    void paint() {
        const ImVec4 paper = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
        SDL_SetRenderDrawColor(renderer_.get(), channel(paper.x), channel(paper.y),
                               channel(paper.z), 255);
        SDL_RenderClear(renderer_.get());
        ImGui_ImplSDLRenderer_RenderDrawData(ImGui::GetDrawData());
        SDL_RenderPresent(renderer_.get());
        if (is_turned()) show_turned(window_.get(), surface_.get(), options_.turned);
    }

    /// Then the picture is drawn into memory and turned onto the window.
    bool is_turned() const { return !options_.headless && options_.turned != 0; }

    Status open_surface() {
        renderer_.reset();
        surface_.reset(SDL_CreateRGBSurfaceWithFormat(0, panel_.width_px, panel_.height_px, 32,
                                                      SDL_PIXELFORMAT_ARGB8888));
        if (surface_) renderer_.reset(SDL_CreateSoftwareRenderer(surface_.get()));
        if (!renderer_) {
            return fail(Errc::io, std::string("cannot draw into memory: ") + SDL_GetError());
        }
        return {};
    }

    Status open_window() {
        spare_desktop_services();
        if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
            return fail(Errc::not_found, std::string("no display: ") + SDL_GetError() +
                                             "; start a display server or use --headless");
        }
        if (Status shown = check_driver(); !shown) return shown;
        wake_event_ = SDL_RegisterEvents(1);
        window_.reset(make_window(options_));
        if (window_ && is_turned()) {
            take_window_size();
            if (Status opened = open_surface(); !opened) return opened;
        } else if (window_) {
            renderer_.reset(SDL_CreateRenderer(window_.get(), -1, SDL_RENDERER_SOFTWARE));
        }
        if (!renderer_) {
            return fail(Errc::io, std::string("cannot open a window: ") + SDL_GetError());
        }
        if (!options_.windowed) SDL_ShowCursor(SDL_DISABLE);
        SDL_DisableScreenSaver();
        if (!is_turned()) take_window_size();
        const char* driver = SDL_GetCurrentVideoDriver();
        polls_ = driver != nullptr && std::strcmp(driver, "KMSDRM") == 0;
        return check_panel(panel_);
    }

    /// A full-screen window takes the display's pixels; a panel turned on its side swaps its
    /// millimetres too.
    void take_window_size() {
        int width = 0;
        int height = 0;
        if (is_turned()) {
            SDL_GetWindowSize(window_.get(), &width, &height);
            if (lies_across(options_.turned)) std::swap(width, height);
        } else {
            SDL_GetRendererOutputSize(renderer_.get(), &width, &height);
        }
        if (width <= 0 || height <= 0) return;
        if ((width > height) != (panel_.width_mm > panel_.height_mm)) {
            std::swap(panel_.width_mm, panel_.height_mm);
        }
        panel_.width_px = width;
        panel_.height_px = height;
    }

    void open_renderer() {
        ImGui_ImplSDLRenderer_Init(renderer_.get());
        ImGui_ImplSDLRenderer_CreateFontsTexture();
        backend_atlas_ = ImGui::GetIO().Fonts;
        backend_atlas_->ClearTexData();
    }

    /// Destroys the renderer's textures: the backend's own one, and those of the other sizes.
    void close_renderer() {
        if (context_ == nullptr || ImGui::GetIO().BackendRendererUserData == nullptr) return;
        for (auto& set : sets_) {
            if (!set || set->atlas.get() == backend_atlas_) continue;
            SDL_DestroyTexture(static_cast<SDL_Texture*>(set->atlas->TexID));
        }
        ImGui::GetIO().Fonts = backend_atlas_;
        ImGui_ImplSDLRenderer_Shutdown();
    }

    Woken wait_headless(std::optional<std::chrono::milliseconds> timeout) {
        Woken result;
        std::unique_lock lock(mutex_);
        if (!woken_ && !wants_frame()) {
            const auto woken = [this] { return woken_; };
            if (timeout) {
                condition_.wait_for(lock, *timeout, woken);
            } else {
                condition_.wait(lock, woken);
            }
        }
        result.woken = std::exchange(woken_, false);
        return result;
    }

    Woken wait_window(std::optional<std::chrono::milliseconds> timeout) {
        Woken result;
        SDL_Event event;
        bool got = false;
        if (wants_frame()) {
            got = SDL_PollEvent(&event) != 0;
        } else if (polls_) {
            got = poll_until(event, timeout);
        } else if (timeout) {
            const auto limit = std::clamp<std::int64_t>(timeout->count(), 0, 3'600'000);
            got = SDL_WaitEventTimeout(&event, static_cast<int>(limit)) != 0;
        } else {
            got = SDL_WaitEvent(&event) != 0;
        }
        while (got) {
            handle(event, result);
            got = SDL_PollEvent(&event) != 0;
        }
        if (result.input) settle_ = kFramesAfterEvent;
        return result;
    }

    void handle(const SDL_Event& event, Woken& result) {
        if (event.type == wake_event_) {
            result.woken = true;
        } else if (event.type == SDL_QUIT) {
            result.quit = true;
        } else if (event.type == SDL_WINDOWEVENT) {
            handle_window(event.window, result);
        } else {
            feed_input(event, glass_of(window_.get(), options_.turned), pointer_, result);
        }
    }

    void handle_window(const SDL_WindowEvent& window, Woken& result) {
        switch (window.event) {
            case SDL_WINDOWEVENT_FOCUS_LOST:
                pointer_.cancel();
                break;
            case SDL_WINDOWEVENT_CLOSE:
                result.quit = true;
                break;
            case SDL_WINDOWEVENT_SIZE_CHANGED:
                resized();
                break;
            default:
                break;
        }
        result.input = true;
    }

    void resized() {
        const ui::Panel before = panel_;
        take_window_size();
        if (before.height_px == panel_.height_px && before.width_px == panel_.width_px) return;
        pointer_.cancel();
        auto built = build_fonts(files_, panel_, size_, options_.glyphs);
        if (!built) return;
        close_renderer();
        for (auto& set : sets_) set.reset();
        auto& slot = sets_[static_cast<std::size_t>(size_)];
        slot = std::move(*built);
        ImGui::GetIO().Fonts = slot->atlas.get();
        if (is_turned() && !open_surface()) return;
        open_renderer();
    }

    DisplayOptions options_;
    ui::Panel panel_;
    FontFiles files_;
    std::array<std::unique_ptr<FontSet>, 4> sets_;
    flow::TextSize size_ = flow::TextSize::m;
    std::unique_ptr<SDL_Window, WindowDeleter> window_;
    std::unique_ptr<SDL_Surface, SurfaceDeleter> surface_;
    std::unique_ptr<SDL_Renderer, RendererDeleter> renderer_;
    ImGuiContext* context_ = nullptr;
    ImFontAtlas* backend_atlas_ = nullptr;  ///< the one whose texture the backend owns
    PointerLayer pointer_;
    std::uint64_t frames_ = 0;
    int settle_ = 0;
    bool touched_ = false;
    bool polls_ = false;
    Uint32 wake_event_ = 0;
    std::mutex mutex_;
    std::condition_variable condition_;
    bool woken_ = false;
};

}  // namespace

Result<std::unique_ptr<Display>> Display::open(const DisplayOptions& options) {
    if (Status checked = check_panel(options.panel); !checked) {
        return tl::make_unexpected(checked.error());
    }
    auto files = find_fonts(options.font_dir);
    if (!files) return tl::make_unexpected(files.error());
    auto display = std::make_unique<SdlDisplay>(options, *files);
    if (Status started = display->start(); !started) {
        return tl::make_unexpected(started.error());
    }
    return std::unique_ptr<Display>(std::move(display));
}

}  // namespace kaiku::platform
