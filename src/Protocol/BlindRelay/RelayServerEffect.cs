namespace Hyper.Protocol.BlindRelay;

/// <summary>Names one channel with somebody who wants to be relayed.</summary>
public readonly record struct RelaySessionId(int Number);

/// <summary>Names one pair of streams.</summary>
public readonly record struct RelayLinkId(long Number);

/// <summary>One end of a relayed pair: the id at the relay, the id at the peer, and the channel that asked for it.</summary>
public readonly record struct RelayEnd(uint LocalId, uint RemoteId, RelaySessionId Session);

/// <summary>What a relay asks for.</summary>
public abstract record RelayServerEffect
{
    private RelayServerEffect()
    {
    }

    /// <summary>Forward packets between the two from now on; report when that has ended.</summary>
    public sealed record OpenLink(RelayLinkId Link, RelayEnd Initiator, RelayEnd Responder) : RelayServerEffect;

    /// <summary>Forward what is still on its way, then no more; report when that has ended.</summary>
    public sealed record EndLink(RelayLinkId Link) : RelayServerEffect;

    /// <summary>Forward no more.</summary>
    public sealed record CloseLink(RelayLinkId Link) : RelayServerEffect;

    public sealed record Send(RelaySessionId Session, RelayMessage Message) : RelayServerEffect;
}
