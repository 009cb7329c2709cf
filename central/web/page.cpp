#include "central/web/page.hpp"

#include <sodium.h>

#include <array>

namespace kaiku::central {
namespace {

/// Colours of docs/DESIGN-SYSTEM.md. One column that reflows at any zoom; controls keep their
/// native shape, so forced colours and screen readers find what they know; nothing moves, so there
/// is nothing for prefers-reduced-motion to stop.
constexpr std::string_view kStyle = R"css(
:root{--ink:#10243a;--soft:#2b3d50;--paper:#fbf8f2;--card:#fff;--tint:#e4eef4;--accent:#0b3c5d;
--line:#76869a;--warn:#8a1c1c}
*{box-sizing:border-box}
html{font-size:112.5%}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.45;
font-family:Inter,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
main{max-width:40rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.25;margin:.75rem 0}
h2{font-size:1.25rem;margin:0 0 .5rem}
p{margin:.5rem 0}
.soft{color:var(--soft)}
fieldset,.field{border:2px solid var(--line);border-radius:.75rem;background:var(--card);
margin:1.25rem 0;padding:1rem;min-width:0}
legend,.question{font-weight:700;font-size:1.125rem;padding:0}
legend{float:left;width:100%;margin-bottom:.6rem}
legend+*{clear:both}
.question{display:block;margin-bottom:.5rem}
.choices{display:grid;gap:.5rem;margin-top:.75rem}
.scale{grid-template-columns:repeat(auto-fill,minmax(4.75rem,1fr))}
.scale .choice{padding:.4rem .6rem;overflow-wrap:normal}
.choice{display:flex;align-items:center;gap:.6rem;min-height:3rem;padding:.4rem .75rem;
border:2px solid var(--line);border-radius:.6rem;background:var(--card);cursor:pointer}
.choice:has(input:checked){border-color:var(--accent);background:var(--tint)}
input[type=radio]{width:1.4rem;height:1.4rem;flex:none;margin:0;accent-color:var(--accent)}
textarea{width:100%;min-height:9rem;font:inherit;color:inherit;background:var(--card);
border:2px solid var(--line);border-radius:.6rem;padding:.6rem}
button,.button{font:inherit;font-weight:600;min-height:3rem;min-width:3rem;padding:.5rem 1rem;
border:2px solid var(--accent);border-radius:.75rem;background:var(--card);color:var(--ink);
cursor:pointer}
button.main{background:var(--accent);color:#fff}
.row{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
.row .main{flex:1 1 12rem}
.row[role=group]{gap:.5rem}
.row[role=group] button{flex:1 1 auto;padding:.5rem}
:focus-visible{outline:4px solid var(--ink);outline-offset:2px}
.notice{border:3px solid var(--accent);border-radius:.75rem;background:var(--tint);padding:.75rem 1rem;
margin:1rem 0}
.trouble{border-color:var(--warn);background:var(--card)}
.wrong{color:var(--warn);font-weight:600}
.first{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);padding:0;
min-height:0;min-width:0;border:0}
@media (forced-colors:active){.choice:has(input:checked){outline:3px solid Highlight}
button[aria-current]{border:5px solid Highlight}}
)css";

/// The source expression that lets exactly this style sheet through: sha256-<base 64>.
std::string style_source() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(kStyle.data()),
                       kStyle.size());
    std::array<char,
               sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)>
        text{};
    sodium_bin2base64(text.data(), text.size(), hash.data(), hash.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    return "'sha256-" + std::string(text.data()) + "'";
}

void add_headers(Reply& reply) {
    static const std::string policy = "default-src 'none'; style-src " + style_source() +
                                      "; form-action 'self'; base-uri 'none'; "
                                      "frame-ancestors 'none'";
    reply.headers.emplace_back("Content-Security-Policy", policy);
    reply.headers.emplace_back("Referrer-Policy", "no-referrer");
    reply.headers.emplace_back("X-Frame-Options", "DENY");
    reply.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    reply.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    reply.headers.emplace_back("X-Robots-Tag", "noindex");
}

}  // namespace

Reply html_page(int status, survey::Language language, std::string_view title, const Html& body) {
    Html head;
    head.open("html", {{"lang", std::string(survey::to_string(language))}}).open("head");
    head.empty("meta", {{"charset", "utf-8"}});
    head.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    head.element("title", title).open("style");
    Html foot;
    Html start;
    start.close("style").close("head").open("body").open("main");
    foot.close("main").close("body").close("html");
    Reply reply{status,
                "text/html; charset=utf-8",
                "<!DOCTYPE html>\n" + head.str() + std::string(kStyle) + start.str() + body.str() +
                    foot.str() + "\n",
                {}};
    add_headers(reply);
    return reply;
}

Reply see_other(std::string location) {
    Reply reply{303, "text/plain; charset=utf-8", "See " + location + "\n", {}};
    reply.headers.emplace_back("Location", std::move(location));
    add_headers(reply);
    return reply;
}

}  // namespace kaiku::central
