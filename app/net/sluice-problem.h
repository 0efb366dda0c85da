/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was found out on this computer, kept where a server's own code would be (see sluice_error_new_server()), so
 * that advice can tell causes apart that end in the same SluiceError. No server code has a colon in it. */

#define SLUICE_PROBLEM_DNS                "local:dns"
#define SLUICE_PROBLEM_NETWORK            "local:network"
#define SLUICE_PROBLEM_TIMEOUT            "local:timeout"
#define SLUICE_PROBLEM_PROXY              "local:proxy"
#define SLUICE_PROBLEM_CERTIFICATE        "local:certificate"
#define SLUICE_PROBLEM_TLS                "local:tls"
#define SLUICE_PROBLEM_NOT_JSON           "local:not-json"
#define SLUICE_PROBLEM_TOO_LARGE          "local:too-large"
#define SLUICE_PROBLEM_DAMAGED            "local:damaged"
#define SLUICE_PROBLEM_NOT_FOR_BULK       "local:not-for-bulk"
#define SLUICE_PROBLEM_JOB_GONE           "local:job-gone"
#define SLUICE_PROBLEM_REDIRECT           "local:redirect"
#define SLUICE_PROBLEM_UNTRUSTED_HOST     "local:untrusted-host"
#define SLUICE_PROBLEM_PORTS_BUSY         "local:ports-busy"
#define SLUICE_PROBLEM_NO_LOOPBACK        "local:no-loopback"
#define SLUICE_PROBLEM_SIGN_IN_TIMEOUT    "local:sign-in-timeout"
#define SLUICE_PROBLEM_WRONG_STATE        "local:wrong-state"

gboolean sluice_problem_code_equal (const char *a,
                                    const char *b);

G_END_DECLS
