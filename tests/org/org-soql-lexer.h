/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ORG_TOKEN_END,
  ORG_TOKEN_NAME,
  ORG_TOKEN_STRING,
  ORG_TOKEN_NUMBER,
  ORG_TOKEN_DATE,
  ORG_TOKEN_DATETIME,
  ORG_TOKEN_SIGN,
  ORG_TOKEN_WRONG,
} OrgTokenKind;

/**
 * OrgToken:
 * @kind: what it is
 * @position: its first byte in the query
 * @length: its bytes
 *
 * A piece of a query.
 */
typedef struct
{
  OrgTokenKind kind;
  gsize        position;
  gsize        length;
} OrgToken;

void  org_lexer_next         (const char     *source,
                              gsize           position,
                              OrgToken       *token);
char *org_lexer_dup_string   (const char     *source,
                              const OrgToken *token,
                              gboolean        for_like);

G_END_DECLS
