using Akka.Actor;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>A blind relay's answers as tasks, for the command line.</summary>
public sealed class BlindRelayClient(IActorRef relay, TimeSpan timeout)
{
    /// <summary>What the relay carries now, and has done so far.</summary>
    public Task<BlindRelayProtocol.Load> GetLoadAsync() => relay.Ask<BlindRelayProtocol.Load>(new BlindRelayProtocol.GetLoad(), timeout);
}
