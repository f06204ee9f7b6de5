using AuctionActors.Simulation.Properties;
using AuctionActors.Simulation.Scenarios;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Simulation.Running;

/// <summary>What the harness itself puts into the event log.</summary>
internal sealed class RunLog(IEventRecorder events, Action<string>? progress)
{
    public void Phase(EventKind kind, string text)
    {
        _ = events.Record(new EventEntry(kind) { Text = text });
        progress?.Invoke($"{kind.Name()} {text}");
    }

    public void Peer(EventKind kind, string peer) => _ = events.Record(new EventEntry(kind) { Peer = peer });

    /// <summary>Lets the auction be asked for by its name in the scenario.</summary>
    public void Named(AuctionNamed auction) => _ = events.Record(new EventEntry(EventKind.Note)
    {
        Peer = auction.Seller,
        Text = $"{auction.Name} is auction {auction.Id.ToHex()[..8]}",
        Correlations = [new Correlation("auction", auction.Id.ToHex()), new Correlation("alias", auction.Name)],
    });

    public void Fault(EventKind kind, FaultPlan fault)
    {
        string type = fault.Effect.GetType().Name.Replace("Rule", "", StringComparison.Ordinal);
        _ = events.Record(new EventEntry(kind) { Type = type, Text = fault.Id });
    }

    public void Failure(Akka.Event.Error error) => _ = events.Record(new EventEntry(EventKind.ActorFail)
    {
        Type = error.Cause?.GetType().Name,
        Text = $"{error.LogSource}: {error.Cause?.Message ?? error.Message?.ToString()}",
    });

    public void Property(PropertyOutcome outcome)
    {
        EventKind kind = outcome.Verdict == PropertyOutcome.Fail ? EventKind.PropertyViolated : EventKind.PropertyCheck;
        _ = events.Record(new EventEntry(kind) { Type = outcome.Name, Text = outcome.Witness ?? outcome.Verdict });
    }
}
