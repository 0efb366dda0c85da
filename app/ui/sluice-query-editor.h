/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-describe-cache.h"
#include "sluice-query-library.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_QUERY_EDITOR (sluice_query_editor_get_type ())

G_DECLARE_FINAL_TYPE (SluiceQueryEditor, sluice_query_editor, SLUICE, QUERY_EDITOR, AdwBin)

char       *sluice_query_editor_dup_text       (SluiceQueryEditor   *self);
char       *sluice_query_editor_dup_query      (SluiceQueryEditor   *self);
void        sluice_query_editor_show_text      (SluiceQueryEditor   *self,
                                                const char          *text);
void        sluice_query_editor_replace_text   (SluiceQueryEditor   *self,
                                                const char          *text);

void        sluice_query_editor_set_cache      (SluiceQueryEditor   *self,
                                                SluiceDescribeCache *cache);
void        sluice_query_editor_set_library    (SluiceQueryEditor   *self,
                                                SluiceQueryLibrary  *library);
void        sluice_query_editor_set_error      (SluiceQueryEditor   *self,
                                                const GError        *error);
const char *sluice_query_editor_get_error_text (SluiceQueryEditor   *self);

G_END_DECLS
