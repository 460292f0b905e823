package dev.halcyon.pair;

import dev.halcyon.model.ErrorCode;
import java.util.List;

/** The two servers, in the order of the settings; neither place means a role. */
public record Pair(Member first, Member second) {

  public Pair {
    if (first.name().equals(second.name())) {
      throw new IllegalArgumentException("both servers are named " + first.name());
    }
  }

  public List<Member> members() {
    return List.of(first, second);
  }

  /**
   * @throws dev.halcyon.model.Refusal HAL-705 if none is so named
   */
  public Member member(String name) {
    return members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ErrorCode.SERVER_UNKNOWN.refuse(
                    "No server of the pair is named " + name + ".",
                    "They are " + first.name() + " and " + second.name() + "."));
  }

  public Member other(Member member) {
    return member.equals(first) ? second : first;
  }
}
