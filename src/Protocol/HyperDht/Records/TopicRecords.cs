using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.HyperDht.Records;

/// <summary>The encoded records of one topic, in an order that sampling may change.</summary>
internal sealed class TopicRecords
{
    private readonly List<(PublicKey Key, byte[] Record)> _list = [];
    private readonly Dictionary<PublicKey, int> _positions = [];

    public int Count => _list.Count;

    public byte[] this[int position] => _list[position].Record;

    /// <summary>True when the key was not there before.</summary>
    public bool Set(PublicKey key, byte[] record)
    {
        if (_positions.TryGetValue(key, out int position))
        {
            _list[position] = (key, record);
            return false;
        }

        _positions[key] = _list.Count;
        _list.Add((key, record));
        return true;
    }

    public bool Remove(PublicKey key)
    {
        if (!_positions.TryGetValue(key, out int position))
            return false;
        Swap(position, _list.Count - 1);
        _list.RemoveAt(_list.Count - 1);
        _positions.Remove(key);
        return true;
    }

    public void Swap(int left, int right)
    {
        (_list[left], _list[right]) = (_list[right], _list[left]);
        _positions[_list[left].Key] = left;
        _positions[_list[right].Key] = right;
    }
}
