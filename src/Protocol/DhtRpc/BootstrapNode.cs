using System.Globalization;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc;

/// <summary>A node to join through: its address, the name of its host, or a name with an address that is tried before the name is looked up.</summary>
public sealed record BootstrapNode
{
    private const int MaxNameLength = 253;

    private BootstrapNode(PeerAddress? address, string? name, ushort port) => (Address, Name, Port) = (address, name, port);

    /// <summary>Where it is, or is suggested to be; absent where only its name is known.</summary>
    public PeerAddress? Address { get; }

    /// <summary>Of its host; absent where the address is all there is.</summary>
    public string? Name { get; }

    public ushort Port { get; }

    /// <summary>It is on this machine.</summary>
    public bool IsLoopback => Address is { IsLoopback: true };

    public static implicit operator BootstrapNode(PeerAddress address) => new(address, null, address.Port);

    /// <summary>Reads <c>address:port</c>, <c>name:port</c> or, as upstream writes it, <c>suggested-address@name:port</c>.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BootstrapNode? node)
    {
        node = null;
        int colon = text.LastIndexOf(':'), at = text.IndexOf('@', StringComparison.Ordinal);
        if (colon <= at + 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            return false;
        string host = text[(at + 1)..colon];
        bool isAddress = PeerAddress.TryParseHost(host, port, out PeerAddress address);
        if (at < 0 && (isAddress || host == "localhost"))
            node = isAddress ? address : PeerAddress.Loopback(port);
        else if (at < 0 && IsName(host))
            node = new BootstrapNode(null, host, port);
        else if (at > 0 && PeerAddress.TryParseHost(text.AsSpan(0, at), port, out PeerAddress suggested) && (isAddress || IsName(host)))
            node = new BootstrapNode(suggested, host, port);
        return node is not null;
    }

    public override string ToString() => Address is null ? $"{Name}:{Port}" : Name is null ? $"{Address}" : $"{Address.Value.HostText}@{Name}:{Port}";

    // What consists of digits and dots only is an address with a mistake.
    private static bool IsName(string text)
        => text.Length <= MaxNameLength
            && text.Any(char.IsAsciiLetter)
            && text.Split('.').All(label => label.Length > 0 && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));
}
