/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-switches.h"

typedef struct
{
  guint times;
  gboolean approval;
} Lock;

/* Set in the main thread, asked for in the one that reads and writes, so the mutex. */
struct _OrgSwitches
{
  GMutex mutex;
  guint values[ORG_N_SWITCHES];
  GHashTable *locks;         /* id → Lock */
};

/**
 * org_switches_new:
 *
 * Returns: (transfer full): switches as they are after the start
 */
OrgSwitches *
org_switches_new (void)
{
  OrgSwitches *self = g_new0 (OrgSwitches, 1);

  g_mutex_init (&self->mutex);
  self->values[ORG_SWITCH_BULK_PAGE] = ORG_BULK_PAGE;
  self->locks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

/**
 * org_switches_free:
 * @self: (transfer full): switches
 *
 * Frees @self.
 */
void
org_switches_free (OrgSwitches *self)
{
  g_hash_table_unref (self->locks);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * org_switches_set:
 * @self: switches
 * @which: one of them
 * @value: its new value
 *
 * Sets a switch.
 */
void
org_switches_set (OrgSwitches *self,
                  OrgSwitch    which,
                  guint        value)
{
  g_mutex_lock (&self->mutex);
  self->values[which] = value;
  g_mutex_unlock (&self->mutex);
}

/**
 * org_switches_get:
 * @self: switches
 * @which: one of them
 *
 * Returns: its value
 */
guint
org_switches_get (OrgSwitches *self,
                  OrgSwitch    which)
{
  guint value;

  g_mutex_lock (&self->mutex);
  value = self->values[which];
  g_mutex_unlock (&self->mutex);

  return value;
}

/**
 * org_switches_take:
 * @self: switches
 * @which: one that counts
 *
 * Returns: whether it was above zero; it is then one less
 */
gboolean
org_switches_take (OrgSwitches *self,
                   OrgSwitch    which)
{
  gboolean taken;

  g_mutex_lock (&self->mutex);
  taken = self->values[which] > 0;
  if (taken)
    self->values[which]--;
  g_mutex_unlock (&self->mutex);

  return taken;
}

/**
 * org_switches_lock:
 * @self: switches
 * @id: a record, in 18 characters
 * @times: so many of the next writes meet the lock; 0 takes it away
 * @approval: whether it is locked by an approval process, and not by another transaction
 *
 * Locks a record.
 */
void
org_switches_lock (OrgSwitches *self,
                   const char  *id,
                   guint        times,
                   gboolean     approval)
{
  g_mutex_lock (&self->mutex);
  if (times == 0)
    {
      g_hash_table_remove (self->locks, id);
    }
  else
    {
      Lock *lock = g_new0 (Lock, 1);

      *lock = (Lock) { times, approval };
      g_hash_table_insert (self->locks, g_strdup (id), lock);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * org_switches_is_locked:
 * @self: switches
 * @id: a record that is to be written
 * @approval: (out): whether an approval process locks it
 *
 * Asks for a lock and counts the question.
 *
 * Returns: whether @id is locked
 */
gboolean
org_switches_is_locked (OrgSwitches *self,
                        const char  *id,
                        gboolean    *approval)
{
  Lock *lock;
  gboolean locked;

  g_mutex_lock (&self->mutex);
  lock = g_hash_table_lookup (self->locks, id);
  locked = lock != NULL;
  *approval = locked && lock->approval;
  if (locked && --lock->times == 0)
    g_hash_table_remove (self->locks, id);
  g_mutex_unlock (&self->mutex);

  return locked;
}
