/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SluiceImportIssueKind:
 * @SLUICE_IMPORT_ISSUE_NONE: all is well
 * @SLUICE_IMPORT_ISSUE_NOTHING: no column goes anywhere
 * @SLUICE_IMPORT_ISSUE_NO_KEY: no column says which records are meant
 * @SLUICE_IMPORT_ISSUE_BAD_KEY: records cannot be told by this field
 * @SLUICE_IMPORT_ISSUE_TWICE: two columns go to the same field
 * @SLUICE_IMPORT_ISSUE_NOT_CREATEABLE: new records cannot have this field
 * @SLUICE_IMPORT_ISSUE_NOT_UPDATEABLE: this field cannot be changed
 * @SLUICE_IMPORT_ISSUE_NOT_FOR_DELETE: only the Id counts when records are deleted
 * @SLUICE_IMPORT_ISSUE_UNSUITABLE: a field of this type cannot be imported
 * @SLUICE_IMPORT_ISSUE_REQUIRED: new records must have a field that no column goes to
 * @SLUICE_IMPORT_ISSUE_OBJECT: the user may not do this with the object
 * @SLUICE_IMPORT_ISSUE_ROW: the file's row cannot be read
 * @SLUICE_IMPORT_ISSUE_EMPTY_KEY: the row does not say which record is meant
 * @SLUICE_IMPORT_ISSUE_EMPTY_REQUIRED: the row has nothing for a field that new records must have
 * @SLUICE_IMPORT_ISSUE_NUMBER: the value is no number
 * @SLUICE_IMPORT_ISSUE_TOO_LARGE: the number has more digits than the field
 * @SLUICE_IMPORT_ISSUE_BOOLEAN: the value is neither true nor false
 * @SLUICE_IMPORT_ISSUE_DATE: the value is no date
 * @SLUICE_IMPORT_ISSUE_DATE_TIME: the value is no date and time
 * @SLUICE_IMPORT_ISSUE_TIME_ZONE: the value is a time of no known time zone
 * @SLUICE_IMPORT_ISSUE_TIME: the value is no time of day
 * @SLUICE_IMPORT_ISSUE_ID: the value is no record id
 * @SLUICE_IMPORT_ISSUE_EMAIL: the value is no e-mail address
 * @SLUICE_IMPORT_ISSUE_TOO_LONG: the text has more characters than the field
 * @SLUICE_IMPORT_ISSUE_PICKLIST: the value is none of those that the field takes
 *
 * What may be wrong with an import: with the whole of it, with a column, or
 * with a row.
 */
typedef enum
{
  SLUICE_IMPORT_ISSUE_NONE,
  SLUICE_IMPORT_ISSUE_NOTHING,
  SLUICE_IMPORT_ISSUE_NO_KEY,
  SLUICE_IMPORT_ISSUE_BAD_KEY,
  SLUICE_IMPORT_ISSUE_TWICE,
  SLUICE_IMPORT_ISSUE_NOT_CREATEABLE,
  SLUICE_IMPORT_ISSUE_NOT_UPDATEABLE,
  SLUICE_IMPORT_ISSUE_NOT_FOR_DELETE,
  SLUICE_IMPORT_ISSUE_UNSUITABLE,
  SLUICE_IMPORT_ISSUE_REQUIRED,
  SLUICE_IMPORT_ISSUE_OBJECT,
  SLUICE_IMPORT_ISSUE_ROW,
  SLUICE_IMPORT_ISSUE_EMPTY_KEY,
  SLUICE_IMPORT_ISSUE_EMPTY_REQUIRED,
  SLUICE_IMPORT_ISSUE_NUMBER,
  SLUICE_IMPORT_ISSUE_TOO_LARGE,
  SLUICE_IMPORT_ISSUE_BOOLEAN,
  SLUICE_IMPORT_ISSUE_DATE,
  SLUICE_IMPORT_ISSUE_DATE_TIME,
  SLUICE_IMPORT_ISSUE_TIME_ZONE,
  SLUICE_IMPORT_ISSUE_TIME,
  SLUICE_IMPORT_ISSUE_ID,
  SLUICE_IMPORT_ISSUE_EMAIL,
  SLUICE_IMPORT_ISSUE_TOO_LONG,
  SLUICE_IMPORT_ISSUE_PICKLIST,
} SluiceImportIssueKind;

#define SLUICE_IMPORT_N_ISSUES (SLUICE_IMPORT_ISSUE_PICKLIST + 1)

/**
 * SluiceImportIssue:
 * @kind: what is wrong
 * @column: which column of the file, -1 when it is about none
 * @text: a sentence for users
 * @blocks: whether the import cannot start like this
 *
 * Something that is wrong with how columns go to fields.
 */
typedef struct
{
  SluiceImportIssueKind kind;
  int column;
  char *text;
  gboolean blocks;
} SluiceImportIssue;

SluiceImportIssue *sluice_import_issue_new            (SluiceImportIssueKind  kind,
                                                       int                    column,
                                                       gboolean               blocks,
                                                       char                  *text);
void               sluice_import_issue_free           (SluiceImportIssue     *self);

const char        *sluice_import_issue_kind_get_title (SluiceImportIssueKind  kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceImportIssue, sluice_import_issue_free)

G_END_DECLS
