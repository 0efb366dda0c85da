/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-issue.h"

#include <glib/gi18n.h>

/**
 * sluice_import_issue_new:
 * @kind: what is wrong
 * @column: which column of the file, or -1
 * @blocks: whether the import cannot start like this
 * @text: (transfer full): a sentence for users
 *
 * Returns: (transfer full): an issue
 */
SluiceImportIssue *
sluice_import_issue_new (SluiceImportIssueKind  kind,
                         int                    column,
                         gboolean               blocks,
                         char                  *text)
{
  SluiceImportIssue *self = g_new0 (SluiceImportIssue, 1);

  self->kind = kind;
  self->column = column;
  self->blocks = blocks;
  self->text = text;

  return self;
}

/**
 * sluice_import_issue_free:
 * @self: (transfer full): an issue
 */
void
sluice_import_issue_free (SluiceImportIssue *self)
{
  g_free (self->text);
  g_free (self);
}

/**
 * sluice_import_issue_kind_get_title:
 * @kind: what is wrong
 *
 * Returns: a few words for users, as the title of a list of examples
 */
const char *
sluice_import_issue_kind_get_title (SluiceImportIssueKind kind)
{
  switch (kind)
    {
    case SLUICE_IMPORT_ISSUE_NOTHING:
      return _("No column goes to a field");
    case SLUICE_IMPORT_ISSUE_NO_KEY:
      return _("Records are not told apart");
    case SLUICE_IMPORT_ISSUE_BAD_KEY:
      return _("Not a key");
    case SLUICE_IMPORT_ISSUE_TWICE:
      return _("Two columns for one field");
    case SLUICE_IMPORT_ISSUE_NOT_CREATEABLE:
    case SLUICE_IMPORT_ISSUE_NOT_UPDATEABLE:
      return _("Read-only field");
    case SLUICE_IMPORT_ISSUE_NOT_FOR_DELETE:
      return _("Not needed to delete");
    case SLUICE_IMPORT_ISSUE_UNSUITABLE:
      return _("Unsuitable field");
    case SLUICE_IMPORT_ISSUE_REQUIRED:
      return _("Required field without a column");
    case SLUICE_IMPORT_ISSUE_OBJECT:
      return _("Not allowed");
    case SLUICE_IMPORT_ISSUE_ROW:
      return _("Rows that cannot be read");
    case SLUICE_IMPORT_ISSUE_EMPTY_KEY:
      return _("Rows without a key");
    case SLUICE_IMPORT_ISSUE_EMPTY_REQUIRED:
      return _("Required values that are empty");
    case SLUICE_IMPORT_ISSUE_NUMBER:
      return _("Values that are no numbers");
    case SLUICE_IMPORT_ISSUE_TOO_LARGE:
      return _("Numbers that are too large");
    case SLUICE_IMPORT_ISSUE_BOOLEAN:
      return _("Values that are neither true nor false");
    case SLUICE_IMPORT_ISSUE_DATE:
      return _("Values that are no dates");
    case SLUICE_IMPORT_ISSUE_DATE_TIME:
      return _("Values that are no dates and times");
    case SLUICE_IMPORT_ISSUE_TIME_ZONE:
      return _("Times of no time zone");
    case SLUICE_IMPORT_ISSUE_TIME:
      return _("Values that are no times");
    case SLUICE_IMPORT_ISSUE_ID:
      return _("Values that are no record ids");
    case SLUICE_IMPORT_ISSUE_EMAIL:
      return _("Values that are no e-mail addresses");
    case SLUICE_IMPORT_ISSUE_TOO_LONG:
      return _("Texts that are too long");
    case SLUICE_IMPORT_ISSUE_PICKLIST:
      return _("Values that are not in the picklist");
    case SLUICE_IMPORT_ISSUE_NONE:
    default:
      return "";
    }
}
