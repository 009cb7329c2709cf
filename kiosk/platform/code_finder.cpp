// zbar, loaded when it is needed.
#include <dlfcn.h>
#include <zbar.h>

#include "kiosk/platform/camera.hpp"

namespace kaiku::platform {

namespace {

constexpr const char* kLibrary = "libzbar.so.0";
constexpr unsigned long kGrey = 0x30303859;  // "Y800", as zbar names it
constexpr std::size_t kMostCode = 4096;

/// The functions of zbar that are used, by the types of its own header.
struct Zbar {
    decltype(&zbar::zbar_image_scanner_create) scanner_create = nullptr;
    decltype(&zbar::zbar_image_scanner_destroy) scanner_destroy = nullptr;
    decltype(&zbar::zbar_image_scanner_set_config) scanner_set_config = nullptr;
    decltype(&zbar::zbar_scan_image) scan = nullptr;
    decltype(&zbar::zbar_image_create) image_create = nullptr;
    decltype(&zbar::zbar_image_destroy) image_destroy = nullptr;
    decltype(&zbar::zbar_image_set_format) image_set_format = nullptr;
    decltype(&zbar::zbar_image_set_size) image_set_size = nullptr;
    decltype(&zbar::zbar_image_set_data) image_set_data = nullptr;
    decltype(&zbar::zbar_image_first_symbol) first_symbol = nullptr;
    decltype(&zbar::zbar_symbol_get_data) symbol_data = nullptr;
    decltype(&zbar::zbar_symbol_get_data_length) symbol_length = nullptr;
};

template <class Function>
bool find_function(void* library, const char* name, Function& target) {
    target = reinterpret_cast<Function>(dlsym(library, name));  // NOLINT: as dlsym gives it
    return target != nullptr;
}

bool load(void* library, Zbar& z) {
    return find_function(library, "zbar_image_scanner_create", z.scanner_create) &&
           find_function(library, "zbar_image_scanner_destroy", z.scanner_destroy) &&
           find_function(library, "zbar_image_scanner_set_config", z.scanner_set_config) &&
           find_function(library, "zbar_scan_image", z.scan) &&
           find_function(library, "zbar_image_create", z.image_create) &&
           find_function(library, "zbar_image_destroy", z.image_destroy) &&
           find_function(library, "zbar_image_set_format", z.image_set_format) &&
           find_function(library, "zbar_image_set_size", z.image_set_size) &&
           find_function(library, "zbar_image_set_data", z.image_set_data) &&
           find_function(library, "zbar_image_first_symbol", z.first_symbol) &&
           find_function(library, "zbar_symbol_get_data", z.symbol_data) &&
           find_function(library, "zbar_symbol_get_data_length", z.symbol_length);
}

class ZbarFinder final : public CodeFinder {
  public:
    explicit ZbarFinder(const Zbar& zbar) : zbar_(zbar), scanner_(zbar.scanner_create()) {
        // QR codes alone: a foreign bar code in the picture would only get in the way.
        zbar_.scanner_set_config(scanner_, zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
        zbar_.scanner_set_config(scanner_, zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
    }
    ZbarFinder(const ZbarFinder&) = delete;
    ZbarFinder& operator=(const ZbarFinder&) = delete;
    ~ZbarFinder() override { zbar_.scanner_destroy(scanner_); }

    std::optional<std::string> find(const GreyFrame& frame) override {
        zbar::zbar_image_t* image = zbar_.image_create();
        zbar_.image_set_format(image, kGrey);
        zbar_.image_set_size(image, static_cast<unsigned>(frame.width),
                             static_cast<unsigned>(frame.height));
        zbar_.image_set_data(image, frame.grey.data(), frame.grey.size(), nullptr);
        std::optional<std::string> found;
        if (zbar_.scan(scanner_, image) > 0) {
            if (const zbar::zbar_symbol_t* symbol = zbar_.first_symbol(image)) {
                const std::size_t length = zbar_.symbol_length(symbol);
                if (length <= kMostCode) found.emplace(zbar_.symbol_data(symbol), length);
            }
        }
        zbar_.image_destroy(image);
        return found;
    }

  private:
    Zbar zbar_;
    zbar::zbar_image_scanner_t* scanner_;
};

}  // namespace

Result<std::unique_ptr<CodeFinder>> open_code_finder() {
    // The library stays until the process ends, as what it pulls in may not be unmapped.
    void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    Zbar zbar;
    if (library == nullptr || !load(library, zbar)) {
        return fail(Errc::not_found, std::string(kLibrary) + " is missing; install libzbar0");
    }
    return std::unique_ptr<CodeFinder>(std::make_unique<ZbarFinder>(zbar));
}

}  // namespace kaiku::platform
