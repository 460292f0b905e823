package dev.halcyon.proxy.digest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries by key, a bounded number of them; when there are more, those go that were not seen for
 * the longest. To find one makes no object. For one thread.
 */
final class Entries {
  private static final int AT_FIRST = 1024;

  private final int most;
  private final int mostCharacters;

  /** Open addressing; a slot without an entry ends a search. */
  private @Nullable Entry[] slots = new @Nullable Entry[AT_FIRST];

  private long[] keys = new long[AT_FIRST];
  private int size;
  private int characters;
  private @Nullable Entry newest;
  private @Nullable Entry oldest;
  private long lost;

  /**
   * @param mostCharacters of all texts together
   */
  Entries(int most, int mostCharacters) {
    this.most = most;
    this.mostCharacters = mostCharacters;
  }

  int size() {
    return size;
  }

  /** How many have gone. */
  long lost() {
    return lost;
  }

  @Nullable Entry find(long key) {
    int slot = slot(key);
    var entry = slots[slot];
    while (entry != null && keys[slot] != key) {
      slot = slot + 1 & slots.length - 1;
      entry = slots[slot];
    }
    return entry;
  }

  /** It becomes the newest; what is too much goes. */
  void add(Entry entry) {
    if (2 * size >= slots.length) {
      grow();
    }
    put(entry);
    size++;
    characters += entry.text.text.length();
    entry.kept = true;
    link(entry);
    while (size > most || (characters > mostCharacters && size > 1)) {
      dropOldest();
    }
  }

  /** It becomes the newest. */
  void touch(Entry entry) {
    if (entry != newest) {
      unlink(entry);
      link(entry);
    }
  }

  /** From the newest to the oldest. */
  List<Entry.Figures> figures() {
    var all = new ArrayList<Entry.Figures>(size);
    for (var entry = newest; entry != null; entry = entry.older) {
      all.add(entry.figures());
    }
    return all;
  }

  private void dropOldest() {
    var entry = oldest;
    if (entry == null) {
      throw new IllegalStateException("Nothing is left to drop");
    }
    unlink(entry);
    remove(entry.key);
    entry.kept = false;
    size--;
    characters -= entry.text.text.length();
    lost++;
  }

  private void link(Entry entry) {
    var before = newest;
    entry.older = before;
    entry.newer = null;
    if (before == null) {
      oldest = entry;
    } else {
      before.newer = entry;
    }
    newest = entry;
  }

  private void unlink(Entry entry) {
    var newer = entry.newer;
    var older = entry.older;
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    entry.newer = null;
    entry.older = null;
  }

  private void put(Entry entry) {
    int slot = slot(entry.key);
    while (slots[slot] != null) {
      slot = slot + 1 & slots.length - 1;
    }
    slots[slot] = entry;
    keys[slot] = entry.key;
  }

  /** Moves up what would no longer be found behind the gap. */
  private void remove(long key) {
    int mask = slots.length - 1;
    int gap = slot(key);
    while (keys[gap] != key || slots[gap] == null) {
      gap = gap + 1 & mask;
    }
    slots[gap] = null;
    for (int slot = gap + 1 & mask; slots[slot] != null; slot = slot + 1 & mask) {
      int home = slot(keys[slot]);
      if ((slot - home & mask) >= (slot - gap & mask)) {
        slots[gap] = slots[slot];
        keys[gap] = keys[slot];
        slots[slot] = null;
        gap = slot;
      }
    }
  }

  private void grow() {
    var before = slots;
    slots = new @Nullable Entry[2 * before.length];
    keys = new long[slots.length];
    for (var entry : before) {
      if (entry != null) {
        put(entry);
      }
    }
  }

  private int slot(long key) {
    return (int) key & slots.length - 1;
  }
}
