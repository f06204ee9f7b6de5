namespace Hyper.Protocol.HypercoreReplication.Messages;

/// <summary>A name is sent once: the same one again is sent empty, on each side of a channel for itself.</summary>
internal sealed class ExtensionNames
{
    private string _sent = "";
    private string _received = "";

    public ExtensionMessage ToMessage(string name, ReadOnlyMemory<byte> payload)
    {
        ExtensionMessage message = new(name == _sent ? "" : name, payload);
        _sent = name;
        return message;
    }

    public string NameOf(ExtensionMessage message) => message.Name.Length == 0 ? _received : _received = message.Name;
}
