namespace Hyper.Protocol.Protomux;

/// <summary>What a side declares when it opens a channel; the remote matches protocol and id.</summary>
/// <param name="Protocol">Name announced to the remote.</param>
/// <param name="Id">Further part of the name; empty is the same as none.</param>
/// <param name="MessageCount">Message types the channel understands: 0 up to this number.</param>
public sealed record ChannelRequest(string Protocol, ReadOnlyMemory<byte> Id, int MessageCount)
{
    /// <summary>Bytes that follow the open, for the remote's opening callback.</summary>
    public ReadOnlyMemory<byte> Handshake { get; init; }

    /// <summary>Other names under which an open of the remote is accepted.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether a second channel of the same name is refused.</summary>
    public bool IsUnique { get; init; } = true;
}
