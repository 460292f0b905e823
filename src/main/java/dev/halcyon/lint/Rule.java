package dev.halcyon.lint;

/**
 * One thing to look for. A rule has a file of its own, a page {@code docs/rules/<id>.md} and a case
 * folder with what it finds and what it does not. Rules keep nothing between two looks.
 */
sealed interface Rule
    permits AskedAlgorithm,
        AutoIncrementInsert,
        BrokenProgram,
        BrokenView,
        ChangedDefault,
        ChangedFile,
        CharacterSetChange,
        ColumnPosition,
        ColumnRename,
        ContractedName,
        CopiedRows,
        DataInUse,
        EarlyConstraint,
        EarlyDrop,
        EarlyUnique,
        ForeignKeyTarget,
        InsertWithoutColumns,
        LonelyContract,
        MemberOrder,
        MissingKey,
        MissingMapping,
        MixedFile,
        PositionOnPair,
        PrimaryKeyChange,
        RebuiltForeignKey,
        RebuiltTriggers,
        RepeatedAlter,
        ReplaceInto,
        ReplicationStatement,
        RequiredColumn,
        SelectStar,
        SessionFlagGuard,
        StoredValue,
        TableCopy,
        TableRename,
        TightenedNull,
        Truncation,
        TypeChange,
        UnboundedLock,
        UnboundedWrite,
        UnindexedReference,
        UnorderedLimit,
        UnsafeFunction,
        VisibleIndexDrop {

  /** The stable id: {@code H102}. */
  String id();

  /** What it catches, in a few words without a full stop. */
  String title();

  /** Looks at a statement of a change. */
  default void statement(StatementLook look) {}

  /** Looks at a change as a whole, behind its statements. */
  default void change(ChangeLook look) {}

  /** Looks at a query of the application. */
  default void query(QueryLook look) {}
}
