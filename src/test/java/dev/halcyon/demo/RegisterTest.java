package dev.halcyon.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegisterTest {
  private static final Lines FIRST = new Lines("first", null);
  private static final Lines SECOND = new Lines("second", null);

  private final Register register = new Register(Lines.NONE);

  @Test
  void anAcknowledgedWriteMustBeSeen() {
    register.acknowledge(register.begin(FIRST, 1), 2);

    assertThat(register.allows(FIRST, 3, 4)).isTrue();
    assertThat(register.allows(Lines.NONE, 3, 4)).isFalse();
    assertThat(register.allows(SECOND, 3, 4)).isFalse();
    assertThat(register.latest()).isEqualTo(FIRST);
  }

  @Test
  void aWriteOnItsWayMayBeSeenOrNot() {
    var write = register.begin(FIRST, 1);

    assertThat(register.allows(FIRST, 2, 3)).isTrue();
    assertThat(register.allows(Lines.NONE, 2, 3)).isTrue();
    register.acknowledge(write, 5);
    assertThat(register.allows(Lines.NONE, 4, 6)).isTrue();
    assertThat(register.allows(Lines.NONE, 6, 7)).isFalse();
  }

  @Test
  void ofTwoWritesAtATimeEitherMayBeTheLast() {
    var one = register.begin(FIRST, 1);
    var other = register.begin(SECOND, 2);
    register.acknowledge(one, 3);
    register.acknowledge(other, 4);

    assertThat(register.allows(FIRST, 5, 6)).isTrue();
    assertThat(register.allows(SECOND, 5, 6)).isTrue();
    assertThat(register.allows(Lines.NONE, 5, 6)).isFalse();
  }

  @Test
  void ofTwoWritesInARowTheSecondIsTheLast() {
    register.acknowledge(register.begin(FIRST, 1), 2);
    register.acknowledge(register.begin(SECOND, 3), 4);

    assertThat(register.allows(SECOND, 5, 6)).isTrue();
    assertThat(register.allows(FIRST, 5, 6)).isFalse();
  }

  @Test
  void whatWasRefusedMustNotBeSeen() {
    register.withdraw(register.begin(FIRST, 1));

    assertThat(register.allows(Lines.NONE, 2, 3)).isTrue();
    assertThat(register.allows(FIRST, 2, 3)).isFalse();
  }

  @Test
  void aWriteThatBeganAfterTheReadCannotBeSeen() {
    register.acknowledge(register.begin(FIRST, 3), 4);

    assertThat(register.allows(FIRST, 1, 2)).isFalse();
  }
}
