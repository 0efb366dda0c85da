/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-write-permit-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

/* An id names the same record with its 15 and with its 18 characters. */
#define ID_LENGTH 15

typedef enum
{
  STATE_FRESH,
  STATE_VALID,
  STATE_SPENT,
} State;

struct _SluiceWritePermit
{
  GObject parent_instance;

  char *organization_id;
  char *object;
  SluiceWriteVerb verb;
  guint64 left;
  State state;
};

G_DEFINE_FINAL_TYPE (SluiceWritePermit, sluice_write_permit, G_TYPE_OBJECT)

static void
sluice_write_permit_finalize (GObject *object)
{
  SluiceWritePermit *self = SLUICE_WRITE_PERMIT (object);

  g_free (self->organization_id);
  g_free (self->object);

  G_OBJECT_CLASS (sluice_write_permit_parent_class)->finalize (object);
}

static void
sluice_write_permit_class_init (SluiceWritePermitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_write_permit_finalize;
}

static void
sluice_write_permit_init (SluiceWritePermit *self)
{
}

SluiceWritePermit *
sluice_write_permit_new (const char      *organization_id,
                         const char      *object,
                         SluiceWriteVerb  verb,
                         guint64          records)
{
  SluiceWritePermit *self = g_object_new (SLUICE_TYPE_WRITE_PERMIT, NULL);

  self->organization_id = g_strdup (organization_id);
  self->object = g_strdup (object);
  self->verb = verb;
  self->left = records;

  return self;
}

/**
 * sluice_write_permit_get_organization_id:
 * @self: a permit
 *
 * Returns: the only org that it is for
 */
const char *
sluice_write_permit_get_organization_id (SluiceWritePermit *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), NULL);

  return self->organization_id;
}

/**
 * sluice_write_permit_get_object:
 * @self: a permit
 *
 * Returns: the API name of the only object that it is for
 */
const char *
sluice_write_permit_get_object (SluiceWritePermit *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), NULL);

  return self->object;
}

/**
 * sluice_write_permit_get_verb:
 * @self: a permit
 *
 * Returns: all that may be done
 */
SluiceWriteVerb
sluice_write_permit_get_verb (SluiceWritePermit *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), SLUICE_WRITE_INSERT);

  return self->verb;
}

/**
 * sluice_write_permit_get_left:
 * @self: a permit
 *
 * Returns: how many of the confirmed records were not sent yet
 */
guint64
sluice_write_permit_get_left (SluiceWritePermit *self)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), 0);

  return self->left;
}

static gboolean
fail_over (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       _("This confirmation was for one run, which is over. Confirm again to write more records."));

  return FALSE;
}

/**
 * sluice_write_permit_begin:
 * @self: a permit
 * @error: %SLUICE_ERROR_INVALID when it has served already
 *
 * Begins the one run that the permit serves.
 *
 * Returns: whether it serves now
 */
gboolean
sluice_write_permit_begin (SluiceWritePermit  *self,
                           GError            **error)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), FALSE);

  if (self->state != STATE_FRESH)
    return fail_over (error);

  self->state = STATE_VALID;

  return TRUE;
}

/**
 * sluice_write_permit_end:
 * @self: a permit
 *
 * Ends the run. From then on the permit allows nothing.
 */
void
sluice_write_permit_end (SluiceWritePermit *self)
{
  g_return_if_fail (SLUICE_IS_WRITE_PERMIT (self));

  self->state = STATE_SPENT;
}

/**
 * sluice_write_permit_check:
 * @self: a permit
 * @verb: what is about to be done
 * @object: to which object's records
 * @error: %SLUICE_ERROR_INVALID, why not
 *
 * Object names are compared without case, as Salesforce does.
 *
 * Returns: whether that was confirmed, and the run is under way
 */
gboolean
sluice_write_permit_check (SluiceWritePermit  *self,
                           SluiceWriteVerb     verb,
                           const char         *object,
                           GError            **error)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), FALSE);
  g_return_val_if_fail (object != NULL, FALSE);

  if (self->state != STATE_VALID)
    return fail_over (error);

  if (verb == self->verb && g_ascii_strcasecmp (object, self->object) == 0)
    return TRUE;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: a verb such as insert and an object such as Account, twice */
               _("The confirmation is for “%s” on %s, not for “%s” on %s. Nothing was sent."),
               sluice_write_verb_get_nick (self->verb), self->object, sluice_write_verb_get_nick (verb), object);

  return FALSE;
}

/**
 * sluice_write_permit_check_organization:
 * @self: a permit
 * @organization_id: (nullable): of the org that the request would go to, with 15 or 18 characters
 * @error: %SLUICE_ERROR_OTHER_ORG
 *
 * Returns: whether it is the org that the user saw when confirming
 */
gboolean
sluice_write_permit_check_organization (SluiceWritePermit  *self,
                                        const char         *organization_id,
                                        GError            **error)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), FALSE);

  if (organization_id != NULL && strlen (organization_id) >= ID_LENGTH &&
      strncmp (organization_id, self->organization_id, ID_LENGTH) == 0)
    return TRUE;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG,
               /* Translators: two ids of orgs */
               _("The confirmation is for the org %s, but the subscription is signed in to %s now. Nothing was sent."),
               self->organization_id, organization_id != NULL ? organization_id : _("an unknown org"));

  return FALSE;
}

/**
 * sluice_write_permit_take:
 * @self: a permit
 * @records: how many records are about to be sent for the first time
 * @error: %SLUICE_ERROR_INVALID when these are more than were confirmed
 *
 * Returns: whether they may be sent; only then do they count
 */
gboolean
sluice_write_permit_take (SluiceWritePermit  *self,
                          guint64             records,
                          GError            **error)
{
  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (self), FALSE);

  if (self->state != STATE_VALID)
    return fail_over (error);

  if (records > self->left)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("There are more records than were confirmed. Check the file and confirm again."));
      return FALSE;
    }

  self->left -= records;

  return TRUE;
}
