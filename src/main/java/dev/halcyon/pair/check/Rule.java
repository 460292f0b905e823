package dev.halcyon.pair.check;

import dev.halcyon.model.Finding;
import java.util.function.Consumer;

/** One precondition. A rule has a file of its own and keeps nothing between two looks. Pure. */
sealed interface Rule
    permits ApartDomains,
        BinaryLog,
        Collisions,
        DurableLog,
        EnabledEvents,
        EqualRows,
        ErrantTransactions,
        FenceAtStart,
        FullImage,
        GlobalIds,
        LagNow,
        LossyConversions,
        NoFilters,
        NoRebuild,
        OneWriter,
        PastTheFence,
        PreparedXa,
        PrimaryKeys,
        ReplicaUpdates,
        RowFormat,
        RunningLinks,
        SameMake,
        ServerIds,
        TriggersOnRows,
        UniqueValues {

  /** The stable id: {@code P101}. */
  String id();

  /** What must be, in a few words without a full stop. */
  String title();

  void look(PairFacts facts, Consumer<Problem> problems);

  default Problem error(String message, Mend mend) {
    return new Problem(Finding.error(id(), null, message, mend.words()), mend);
  }

  default Problem warning(String message, Mend mend) {
    return new Problem(Finding.warning(id(), null, message, mend.words()), mend);
  }

  default Problem information(String message, Mend mend) {
    return new Problem(Finding.information(id(), null, message, mend.words()), mend);
  }
}
