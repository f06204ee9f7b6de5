namespace Hyper.Protocol.Hyperbee.Encodings;

/// <summary>Turns keys or values into the bytes that are stored, and back.</summary>
public interface IBeeEncoding<T>
{
    ReadOnlyMemory<byte> Encode(T value);

    /// <summary>False for bytes that another writer encoded differently.</summary>
    bool TryDecode(ReadOnlyMemory<byte> bytes, out T value);
}
