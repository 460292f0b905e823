package dev.halcyon.lint;

import java.util.List;
import java.util.Optional;

/** Every rule, by its id. */
public final class Rules {
  static final List<Rule> ALL =
      List.of(
          new RequiredColumn(),
          new ColumnRename(),
          new TableRename(),
          new EarlyDrop(),
          new TypeChange(),
          new TightenedNull(),
          new EarlyConstraint(),
          new EarlyUnique(),
          new MemberOrder(),
          new ChangedDefault(),
          new BrokenView(),
          new BrokenProgram(),
          new PrimaryKeyChange(),
          new TableCopy(),
          new AskedAlgorithm(),
          new CharacterSetChange(),
          new StoredValue(),
          new RepeatedAlter(),
          new MissingKey(),
          new UnboundedLock(),
          new VisibleIndexDrop(),
          new ForeignKeyTarget(),
          new RebuiltForeignKey(),
          new RebuiltTriggers(),
          new ColumnPosition(),
          new UnindexedReference(),
          new UnboundedWrite(),
          new MixedFile(),
          new DataInUse(),
          new CopiedRows(),
          new Truncation(),
          new UnsafeFunction(),
          new AutoIncrementInsert(),
          new UnorderedLimit(),
          new PositionOnPair(),
          new ReplicationStatement(),
          new SelectStar(),
          new InsertWithoutColumns(),
          new ContractedName(),
          new ReplaceInto(),
          new MissingMapping(),
          new LonelyContract(),
          new ChangedFile(),
          new SessionFlagGuard());

  private Rules() {}

  /**
   * What is told of a rule.
   *
   * @param title what it catches
   */
  public record Description(String id, String title) {}

  public static List<Description> all() {
    return ALL.stream().map(rule -> new Description(rule.id(), rule.title())).toList();
  }

  /** The rule's title, if there is such a rule. */
  public static Optional<String> title(String id) {
    return ALL.stream().filter(rule -> rule.id().equals(id)).map(Rule::title).findFirst();
  }

  static boolean exists(String id) {
    return title(id).isPresent();
  }
}
