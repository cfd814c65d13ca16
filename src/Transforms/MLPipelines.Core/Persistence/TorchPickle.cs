using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Text;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>Reads the pickle in a PyTorch file: dictionaries, lists, tuples, numbers, texts and descriptions of tensors, nothing else.</summary>
/// <remarks>
/// A pickle is a program for a stack machine that can call anything. This machine knows only the instructions that <c>torch.save</c> writes (protocol 2), and of the
/// names that a pickle may refer to only those in <see cref="TorchGlobal"/>, each with a fixed meaning here. Whatever else occurs is refused by name. Every
/// instruction takes time and memory in proportion to its own bytes, and the number of dictionaries, lists and tuples is limited.
/// Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py.
/// </remarks>
sealed class TorchPickle(ReadOnlyMemory<byte> pickle, string source)
{
    const byte Protocol = 0x80;
    const int MaximumMemo = 1 << 24;

    // A dictionary takes a hundred times the memory of the byte that asks for it. A tensor has six objects.
    const int MaximumObjects = 1 << 20;

    static readonly object s_mark = new();

    readonly List<object?> _stack = [];
    readonly List<object?> _memo = [];
    int _position;
    int _objects;

    /// <summary>Runs the program and returns what it makes.</summary>
    public static object? Read(ReadOnlyMemory<byte> pickle, string source)
    {
        var machine = new TorchPickle(pickle, source);
        while (machine.Step())
        {
        }

        return machine._stack is [var result] && result != s_mark ? result : throw machine.Damaged("the pickle ends with something left over");
    }

    bool Step()
    {
        var at = _position;
        var code = Next(1)[0];
        switch (code)
        {
            case Protocol: CheckProtocol(Next(1)[0]); break;
            case (byte)'.': return false;
            case (byte)'(': Push(s_mark); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'K': Push((long)Next(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Next(2))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Next(4))); break;
            case 0x8A: Push(Long(Next(Next(1)[0]))); break;
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Next(8))); break;
            case (byte)'X': Push(Text(Next(Count(BinaryPrimitives.ReadUInt32LittleEndian(Next(4)))))); break;
            case (byte)'}': Push(new TorchDictionary()); break;
            case (byte)']': Push(new ArrayList()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'t': PushTuple(PopToMark()); break;
            case 0x85: PushTuple(Pop(1)); break;
            case 0x86: PushTuple(Pop(2)); break;
            case 0x87: PushTuple(Pop(3)); break;
            case (byte)'a': Append(Pop(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'s': SetItems(Pop(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'q': Memorize(Next(1)[0]); break;
            case (byte)'r': Memorize(BinaryPrimitives.ReadUInt32LittleEndian(Next(4))); break;
            case (byte)'h': Recall(Next(1)[0]); break;
            case (byte)'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Next(4))); break;
            case (byte)'c': Push(TorchGlobal.Find(Line(), Line()) ?? throw Foreign()); break;
            case (byte)'Q': Push(TorchStorage.Of(Pop(1)[0], Malformed)); break;
            case (byte)'R': Call(); break;
            case (byte)'b': Build(); break;
            default:
                throw Errors.TorchFile(
                    Invariant($"the pickle has the instruction 0x{code:X2} at byte {at}, which is not one that describes tensors"), source, "a dictionary of tensors");
        }

        return true;

        InvalidDataException Foreign()
            => Errors.TorchFile($"the pickle refers to '{Encoding.UTF8.GetString(pickle.Span[(at + 1)..(_position - 1)]).Replace('\n', '.')}'", source, "a dictionary of tensors, saved by torch.save(model.state_dict(), …)");
    }

    void CheckProtocol(int protocol)
    {
        if (protocol != 2) throw Errors.TorchFile("the pickle has another protocol", source, "2, which torch.save writes", Invariant($"{protocol}"));
    }

    void Call()
    {
        var (function, arguments) = Pop(2) switch { [TorchGlobal f, object?[] a] => (f, a), _ => throw Malformed("a call") };
        Push(function.Call(arguments, Malformed));
    }

    // The only state that torch.save gives to an object is the version of each module, on the dictionary.
    void Build()
    {
        Pop(1);
        if (_stack is not [.., TorchDictionary]) throw Malformed("a state");
    }

    void Append(ReadOnlySpan<object?> items)
    {
        if (Top() is not ArrayList list) throw Malformed("a list");
        foreach (var item in items) list.Add(item);
    }

    void SetItems(ReadOnlySpan<object?> items)
    {
        if (items.Length % 2 != 0 || Top() is not TorchDictionary dictionary) throw Malformed("a dictionary");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long)) throw Malformed("a key");
            if (!dictionary.TryAdd(items[i]!, items[i + 1])) throw Damaged($"the name '{items[i]}' occurs twice");
        }
    }

    void Memorize(long index)
    {
        var value = Top();
        if (index > MaximumMemo || index > _position) throw Malformed("a memo");
        while (_memo.Count <= index) _memo.Add(s_mark);
        _memo[(int)index] = value;
    }

    void Recall(long index)
    {
        if (index >= _memo.Count || _memo[(int)index] == s_mark) throw Malformed("a memo");
        Push(_memo[(int)index]);
    }

    void Push(object? value)
    {
        if (value is ICollection && ++_objects > MaximumObjects) throw Errors.TorchFile("the pickle holds too much", source, Invariant($"at most {MaximumObjects} dictionaries, lists and tuples"));
        _stack.Add(value);
    }

    void PushTuple(object?[] items) => Push(items);

    object? Top() => _stack is [.., var top] && top != s_mark ? top : throw Malformed("an instruction");

    object?[] Pop(int count)
    {
        if (_stack.Count < count || _stack[^count..].Contains(s_mark)) throw Malformed("an instruction");
        return Take(count);
    }

    object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(s_mark);
        if (mark < 0) throw Malformed("a group");
        var items = Take(_stack.Count - mark - 1);
        _stack.RemoveAt(mark);
        return items;
    }

    object?[] Take(int count)
    {
        var items = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    ReadOnlySpan<byte> Next(int count)
    {
        if (count > pickle.Length - _position) throw Damaged("the pickle ends early");
        _position += count;
        return pickle.Span[(_position - count).._position];
    }

    int Count(uint count) => count <= pickle.Length - _position ? (int)count : throw Damaged("the pickle ends early");

    string Line()
    {
        var length = pickle.Span[_position..].IndexOf((byte)'\n');
        if (length < 0) throw Damaged("the pickle ends early");
        var line = Text(Next(length));
        _position++;
        return line;
    }

    string Text(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Damaged("a text in the pickle is not valid UTF-8");

    long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long)) throw Malformed("a number");
        var value = 0L;
        foreach (var (i, part) in bytes.ToArray().Index()) value |= (long)part << (8 * i);
        return bytes.Length is 0 or sizeof(long) ? value : value << (64 - (8 * bytes.Length)) >> (64 - (8 * bytes.Length));
    }

    InvalidDataException Malformed(string what) => Damaged(Invariant($"{what} in the pickle, before byte {_position}, is malformed"));

    InvalidDataException Damaged(string what) => Errors.TorchFile(what, source);

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
