namespace Hyper.Protocol.Hyperswarm.Peers;

/// <summary>Whose turn comes first among those that wait to be dialled.</summary>
internal enum PeerPriority
{
    VeryLow,
    Low,
    Normal,
    High,
    VeryHigh,
}
