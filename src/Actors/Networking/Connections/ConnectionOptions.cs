using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.Udx.Streams;

namespace Hyper.Actors.Networking.Connections;

/// <summary>Limits and timing of one connection.</summary>
public sealed record ConnectionOptions
{
    public static ConnectionOptions Default { get; } = new();

    public UdxStreamOptions Udx { get; init; } = new() { AnnounceReaderBacklog = true, AcknowledgementPatience = TimeSpan.FromMilliseconds(1) };

    public SecretStreamOptions SecretStream { get; init; } = SecretStreamOptions.Dht;

    public ProtomuxOptions Protomux { get; init; } = new();

    /// <summary>Bytes that may wait for a remote end that takes none; the connection is destroyed beyond them.</summary>
    public int MaxQueuedBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>How long it may take until the handshake is done and the way is found; whoever dials usually gives up sooner.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long the remote end may take to show itself, once the way is known.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the first packet waits for the first messages, where they are expected at once.</summary>
    public TimeSpan FirstPacketPatience { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>How long a graceful close may take before the stream is destroyed.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
