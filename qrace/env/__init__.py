"""Where physics becomes a decision problem (an MDP): actions, observations, rewards. numpy only."""
