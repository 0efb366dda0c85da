/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What real tokens and codes are made of. */
#define ORG_SECRET_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"

char     *org_secret_random    (const char   *prefix,
                                guint         length);
char     *org_secret_hash      (const char   *secret);
char     *org_secret_challenge (const char   *verifier);
char     *org_secret_sign      (const char   *key,
                                const char   *text);
char     *org_secret_encode    (gconstpointer data,
                                gsize         size);
gboolean  org_secret_equal     (const char   *a,
                                const char   *b);

G_END_DECLS
