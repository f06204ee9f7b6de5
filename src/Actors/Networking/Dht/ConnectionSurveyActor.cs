using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Asks all connections how they fare, answers with what they say within a moment, and stops.</summary>
internal sealed class ConnectionSurveyActor : UntypedActor
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private readonly Dictionary<IActorRef, HyperDhtProtocol.ConnectionSummary> _waiting;
    private readonly List<HyperDhtProtocol.ConnectionSummary> _heard = [];
    private readonly IActorRef _asker;
    private readonly DeadlineTimer _timer;

    public ConnectionSurveyActor(ImmutableArray<(IActorRef Connection, HyperDhtProtocol.ConnectionSummary Known)> connections, IClock clock, IActorRef asker)
    {
        (_waiting, _asker) = (connections.ToDictionary(entry => entry.Connection, entry => entry.Known), asker);
        _timer = new DeadlineTimer(Context, clock);
        foreach ((IActorRef connection, _) in connections)
            connection.Tell(new ConnectionProtocol.GetTraffic());
        _timer.Follow(clock.Now + Moment);
    }

    /// <param name="connections">Each with what is known of it already.</param>
    /// <param name="clock">The peer's.</param>
    /// <param name="asker">Gets <see cref="HyperDhtProtocol.ConnectionsListed"/>.</param>
    public static Props Props(
        ImmutableArray<(IActorRef Connection, HyperDhtProtocol.ConnectionSummary Known)> connections, IClock clock, IActorRef asker)
        => ActorProps.Of(() => new ConnectionSurveyActor(connections, clock, asker));

    protected override void PreStart() => EndIfComplete(_waiting.Count == 0);

    protected override void PostStop() => _timer.Cancel();

    protected override void OnReceive(object message)
    {
        if (message is ConnectionProtocol.Traffic traffic && _waiting.Remove(Sender, out HyperDhtProtocol.ConnectionSummary? known))
            _heard.Add(known with { Traffic = traffic });
        EndIfComplete(_waiting.Count == 0 || message is DeadlineTimer.Due);
    }

    private void EndIfComplete(bool isComplete)
    {
        if (!isComplete)
            return;
        _asker.Tell(new HyperDhtProtocol.ConnectionsListed([.. _heard]));
        Context.Stop(Self);
    }
}
