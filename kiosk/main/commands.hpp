#pragma once

#include "kiosk/main/options.hpp"

/// What the program does besides showing itself to visitors. Each returns the exit code.
namespace kaiku::kiosk {

/// --enroll: trades the code for a credential and stores it.
int run_enrol(const Options& options);
/// --sync: sends what waits; exit 0 once nothing waits.
int run_sync(const Options& options);
/// --requeue: puts what central refused back into the queue and says how many answers that are.
int run_requeue(const Options& options);
/// --salvage: puts what the damaged outboxes of a folder still hold into this device's queue, and
/// says for each what was found. The files are not changed.
int run_salvage(const Options& options);
/// --set-pin: keeps the hash of a PIN read from standard input, without echo.
int run_set_pin(const Options& options);
/// --self-check: one line a check; exit 1 if any fails.
int run_self_check(const Options& options);
/// --dump-widgets: every screen × language × size × theme × panel as JSON lines.
int run_dump_widgets(const Options& options);
/// --list-speech: every sentence the terminal can say, its clip's name and where that lies.
int run_list_speech(const Options& options);
/// --screenshots without --script: a picture of every screen in every language.
int run_pictures(const Options& options);

/// One clear line on standard error; returns 1.
int report(const Error& error);

}  // namespace kaiku::kiosk
