/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * SluiceFieldNoteKind:
 * @SLUICE_FIELD_NOTE_HINT: what to enter, or what becomes of it
 * @SLUICE_FIELD_NOTE_ERROR: why the field cannot be saved
 *
 * What is told under a field.
 */
typedef enum
{
  SLUICE_FIELD_NOTE_HINT,
  SLUICE_FIELD_NOTE_ERROR,
} SluiceFieldNoteKind;

#define SLUICE_TYPE_FIELD_NOTE (sluice_field_note_get_type ())

G_DECLARE_FINAL_TYPE (SluiceFieldNote, sluice_field_note, SLUICE, FIELD_NOTE, AdwPreferencesRow)

void sluice_field_note_show (SluiceFieldNote     *self,
                             SluiceFieldNoteKind  kind,
                             const char          *text);

G_END_DECLS
