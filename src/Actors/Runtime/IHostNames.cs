using Akka.Actor;

namespace Hyper.Actors.Runtime;

/// <summary>Where a peer looks up the addresses of hosts.</summary>
public interface IHostNames
{
    /// <summary>Tells the asker one <see cref="HostFound"/>.</summary>
    void Find(string name, IActorRef asker);
}

/// <summary>What the name of a host stands for.</summary>
/// <param name="Name">That was looked up.</param>
/// <param name="Host">Its first IPv4 address; absent when it has none, or none could be found out.</param>
public sealed record HostFound(string Name, uint? Host);

/// <summary>A world in which no host has a name.</summary>
public sealed class NoHostNames : IHostNames
{
    public static NoHostNames Instance { get; } = new();

    public void Find(string name, IActorRef asker) => asker.Tell(new HostFound(name, null), ActorRefs.NoSender);
}
