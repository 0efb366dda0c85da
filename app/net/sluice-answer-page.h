/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SLUICE_ANSWER_PAGE_POLICY \
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

char *sluice_answer_page_new (gboolean    good,
                              const char *title,
                              const char *body);

G_END_DECLS
