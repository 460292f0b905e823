package dev.halcyon.pair.proof;

import dev.halcyon.model.Finding;
import dev.halcyon.pair.judge.Judgement;
import java.util.List;

/**
 * What a change would be on a pair.
 *
 * @param active the server that keeps its schema for now
 * @param passive the one that is changed first
 * @param statements as the file has them
 * @param proofs what real rows did, for people; why there were none
 * @param findings what stands against it; empty if it can be made
 */
public record PairPlan(
    String active,
    String passive,
    List<String> statements,
    Judgement judgement,
    List<String> proofs,
    List<Finding> findings) {
  public PairPlan {
    statements = List.copyOf(statements);
    proofs = List.copyOf(proofs);
    findings = List.copyOf(findings);
  }
}
