namespace Hyper.Protocol.Hyperswarm.Topics;

/// <summary>What a topic is joined for.</summary>
/// <param name="IsServer">Announce, so that others find us.</param>
/// <param name="IsClient">Look for others and dial them.</param>
/// <param name="Limit">Peers of one walk at most; null means all.</param>
public sealed record JoinOptions(bool IsServer = true, bool IsClient = true, int? Limit = null)
{
    public static JoinOptions Default { get; } = new();
}
