using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm.Topics;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>A swarm for commands and tests, which wait for answers.</summary>
public sealed class SwarmClient(IActorRef swarm, TimeSpan timeout)
{
    private long _lastSession;

    public IActorRef Swarm { get; } = swarm;

    /// <summary>Starts a swarm whose events go to the owner.</summary>
    public static SwarmClient Start(IActorRefFactory system, PeerRuntime runtime, SwarmOptions options, IActorRef owner, TimeSpan timeout)
        => new(system.ActorOf(SwarmActor.Props(runtime, options, owner), runtime.Name), timeout);

    /// <summary>Joins a topic and waits until it has been walked once.</summary>
    /// <returns>The number of the session.</returns>
    public async Task<long> JoinAsync(TopicKey topic, JoinOptions? options = null)
    {
        long session = Interlocked.Increment(ref _lastSession);
        Swarm.Tell(new SwarmProtocol.JoinTopic(session, topic, options ?? JoinOptions.Default));
        await Swarm.Ask<SwarmProtocol.Flushed>(new SwarmProtocol.Flush(topic), timeout).ConfigureAwait(false);
        return session;
    }

    /// <summary>Waits until whoever is there has been found and dialled.</summary>
    public async Task<bool> FlushAsync()
        => (await Swarm.Ask<SwarmProtocol.Flushed>(new SwarmProtocol.Flush(), timeout).ConfigureAwait(false)).Succeeded;

    public Task<SwarmProtocol.State> GetStateAsync() => Swarm.Ask<SwarmProtocol.State>(new SwarmProtocol.GetState(), timeout);
}
