namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>Timers and limits of one secret stream.</summary>
public sealed record SecretStreamOptions
{
    /// <summary>The largest plaintext that fits one frame.</summary>
    public const int LargestMessageLength = 0xffffff - Cryptography.StreamCipher.Overhead;

    /// <summary>As the DHT configures every connection: a keep-alive after five seconds without a write.</summary>
    public static SecretStreamOptions Dht { get; } = new() { KeepAlive = TimeSpan.FromSeconds(5) };

    /// <summary>Send an empty frame after this long without a write, and hide the remote's empty frames; null for neither.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Give up after this long without a received byte; null for never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Frames that would decrypt to more are refused as soon as their length is known.</summary>
    public int MaxMessageLength { get; init; } = LargestMessageLength;
}
