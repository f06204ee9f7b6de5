using System.Collections.Immutable;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperswarm;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>Whose swarm it is and how it behaves.</summary>
public sealed record SwarmOptions
{
    /// <summary>Listens, announces and dials with this key.</summary>
    public required KeyPair KeyPair { get; init; }

    public HyperswarmOptions Swarm { get; init; } = new();

    public HyperDhtOptions Dht { get; init; } = new();

    /// <summary>Peers that shall neither be dialled nor accepted; asked from more than one actor, so it must be a pure function.</summary>
    public Func<PublicKey, bool> Refuses { get; init; } = _ => false;

    /// <summary>What each connection is told before its first packet: whoever listens for channels must do so by then.</summary>
    public ImmutableArray<ConnectionProtocol.ICommand> Preamble { get; init; } = [];

    /// <summary>How long the relays of other servers on its node may take to forget them when the swarm is destroyed.</summary>
    public TimeSpan TakeBackWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Orders kept until the node has joined the DHT; more are dropped.</summary>
    public int MaxEarlyCommands { get; init; } = 4096;
}
