using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Corestore;

/// <summary>Keeps the names of one part of a program apart from those of another.</summary>
public readonly record struct StoreNamespace(Bytes32 Value)
{
    /// <summary>The namespace of a store that was not asked for another: 32 zero bytes.</summary>
    public static StoreNamespace Default => default;

    /// <summary>A namespace below this one.</summary>
    public StoreNamespace Sub(string name) => new(Blake2b.Hash256(Value.Span, Encoding.UTF8.GetBytes(name)));
}
