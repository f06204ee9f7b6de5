using System.Globalization;
using System.Text.Unicode;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>Proves that a host receives at its address: a keyed hash of the host under a secret that changes every 7.5 s.</summary>
internal sealed class TokenIssuer(Bytes32 current, Bytes32 previous)
{
    /// <summary>Upstream rotates on every tenth drain of its congestion window.</summary>
    public static readonly TimeSpan Rotation = TimeSpan.FromSeconds(7.5);

    /// <summary>After this many rotations none of the old secrets is left.</summary>
    private const int MaxRotations = 4;

    private const int LongestHost = 15;

    private Bytes32 _current = current;
    private Bytes32 _previous = previous;
    private TimeSpan? _nextRotation;

    public static TokenIssuer From(IEntropy entropy) => new(entropy.Next32(), entropy.Next32());

    public Bytes32 Issue(PeerAddress address, TimeSpan now)
    {
        RotateUntil(now);
        return Token(_current, address);
    }

    /// <summary>True for tokens of the last two periods, issued to the same host; the port is not covered.</summary>
    public bool Accepts(Bytes32 token, PeerAddress address, TimeSpan now)
    {
        RotateUntil(now);
        return token == Token(_current, address) || token == Token(_previous, address);
    }

    private void RotateUntil(TimeSpan now)
    {
        _nextRotation ??= now + Rotation;
        for (int rotations = 0; _nextRotation <= now; rotations++)
        {
            if (rotations < MaxRotations)
                (_previous, _current) = (_current, Blake2b.Hash256(_previous.Span));
            else
                _nextRotation = now;
            _nextRotation += Rotation;
        }
    }

    private static Bytes32 Token(Bytes32 secret, PeerAddress address)
    {
        Span<byte> host = stackalloc byte[LongestHost];
        uint bits = address.Host;
        _ = Utf8.TryWrite(host, CultureInfo.InvariantCulture, $"{bits >> 24}.{(bits >> 16) & 255}.{(bits >> 8) & 255}.{bits & 255}", out int length);
        return Blake2b.Keyed256(secret.Span, host[..length]);
    }
}
