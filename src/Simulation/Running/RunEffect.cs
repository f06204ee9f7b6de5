namespace AuctionActors.Simulation.Running;

/// <summary>What the run wants done.</summary>
internal abstract record RunEffect;

/// <summary>Starts a participant.</summary>
internal sealed record LaunchPeer(string Name) : RunEffect;

/// <summary>Sends a command or a question to a participant.</summary>
internal sealed record TellPeer(string Name, object Message) : RunEffect;

/// <summary>The run is over.</summary>
internal sealed record RunEnded(RunOutcome Outcome) : RunEffect;
