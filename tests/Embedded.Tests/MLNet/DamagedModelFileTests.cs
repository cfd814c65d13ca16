using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Embedded.Tests;

/// <summary>Whatever is in a file, loading it ends soon, with a model or with an exception.</summary>
public sealed class DamagedModelFileTests
{
    private static readonly byte[] _file = CreateFile();

    private sealed class Row
    {
        public float A { get; set; } = 1;

        public string Label { get; set; } = "北京";
    }

    private static byte[] CreateFile()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable<Row>([new(), new() { A = 2, Label = "上海" }]);
        var keys = ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data);
        var model = ml.Transforms.Concatenate("C", "A", "A")
            .Append(ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Append(ml.Transforms.SelectColumns("C", "Back"))
            .Fit(keys.Transform(data));
        using var stream = new MemoryStream();
        ml.Model.Save(keys.Append(model), keys.Transform(data).Schema, stream);
        return stream.ToArray();
    }

    private static Dictionary<string, byte[]> Entries => Unpack(_file);

    public static TheoryData<string> EntryNames => [.. Entries.Keys.Where(name => !name.EndsWith(".txt", StringComparison.Ordinal))];

    /// <summary>The parts of a model file by name.</summary>
    internal static Dictionary<string, byte[]> Unpack(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        return archive.Entries.ToDictionary(entry => entry.FullName.Replace('\\', '/'), entry =>
        {
            using var content = new MemoryStream();
            using var source = entry.Open();
            source.CopyTo(content);
            return content.ToArray();
        });
    }

    /// <summary>A model file of these parts.</summary>
    internal static byte[] Pack(Dictionary<string, byte[]> entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var target = archive.CreateEntry(name).Open();
                target.Write(content);
            }
        }
        return stream.ToArray();
    }

    /// <summary>Null where the file was loaded.</summary>
    private static Exception? Load(byte[] file) => Record.Exception(() => new MLContext().Model.Load(new MemoryStream(file), out _));

    // ML.NET itself allocates as much as a damaged count says; the embedded runtime checks first.
    private static bool ChecksCounts { get; } = typeof(MLContext).Assembly.GetName().GetPublicKeyToken() is not { Length: > 0 };

    private static void AssertHarmless(Exception? error) =>
        Assert.False(ChecksCounts && error?.GetBaseException() is OutOfMemoryException, "Damage made the loader allocate without bounds.");

    [Fact]
    public void The_undamaged_file_loads()
    {
        Assert.Null(Load(_file));
        Assert.Null(Load(Pack(Entries)));
    }

    [Fact]
    public void A_truncated_file_is_no_zip_archive()
    {
        for (var tenth = 0; tenth < 10; tenth++)
        {
            Assert.IsType<FormatException>(Load(_file[..(_file.Length * tenth / 10)]));
        }
        Assert.IsType<FormatException>(Load("This is no model."u8.ToArray()));
    }

    [Fact]
    public void A_zip_archive_without_a_model_is_refused()
    {
        var error = Load(Pack(new() { ["readme.txt"] = [1, 2, 3] }));
        Assert.True(error is FormatException or InvalidOperationException, $"{error}");
        var entries = Entries;
        foreach (var name in entries.Keys.Where(name => name.StartsWith("TransformerChain/", StringComparison.Ordinal)))
        {
            entries.Remove(name);
        }
        Assert.IsType<FormatException>(Load(Pack(entries)));
    }

    [Theory]
    [MemberData(nameof(EntryNames))]
    public void A_truncated_part_is_refused(string name)
    {
        var whole = Entries;
        var content = whole[name];
        for (var length = 0; length < content.Length; length += 1 + (content.Length / 50))
        {
            whole[name] = content[..length];
            Assert.NotNull(Load(Pack(whole)));
        }
    }

    [EmbeddedTheory("ML.NET itself allocates what a damaged count asks for.")]
    [MemberData(nameof(EntryNames))]
    public void Changed_bytes_do_no_harm(string name)
    {
        var random = new Random(17);
        var whole = Entries;
        var content = whole[name];
        for (var i = 0; i < 60; i++)
        {
            var changed = (byte[])content.Clone();
            for (var j = 0; j <= i % 3; j++)
            {
                // Large numbers and signs do most damage, in headers and counts above all.
                changed[random.Next(random.Next(2) == 0 ? changed.Length : Math.Min(changed.Length, 320))] = (byte)(random.Next(3) == 0 ? 0x7F : random.Next(256));
            }
            whole[name] = changed;
            AssertHarmless(Load(Pack(whole)));
        }
    }

    [EmbeddedFact("ML.NET itself unpacks whatever there is.")]
    public void Annotations_that_unpack_to_far_more_than_the_file_are_refused()
    {
        var ml = new MLContext(1);
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["A"].AddAnnotation("Zeros", new VBuffer<double>(1 << 22, new double[1 << 22]), new VectorDataViewType(NumberDataViewType.Double, 1 << 22));
        var data = ml.Data.LoadFromEnumerable([new Row()], definition);
        using var stream = new MemoryStream();
        ml.Model.Save(ml.Transforms.SelectColumns("A").Fit(data), data.Schema, stream);
        Assert.InRange(stream.Length, 1, 1 << 20);
        stream.Position = 0;
        Assert.Contains("annotations have more than", Assert.Throws<FormatException>(() => new MLContext().Model.Load(stream, out _)).GetBaseException().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_part_is_refused()
    {
        foreach (var name in Entries.Keys.Where(name => name.EndsWith("Model.key", StringComparison.Ordinal)))
        {
            var entries = Entries;
            entries.Remove(name);
            Assert.NotNull(Load(Pack(entries)));
        }
    }

    [Fact]
    public void A_model_of_a_missing_assembly_names_it()
    {
        var entries = Entries;
        const string Chain = "TransformerChain/Model.key";
        var text = System.Text.Encoding.Unicode.GetString(entries[Chain]);
        // A name of the same length, so that the rest of the part stays in place.
        var place = text.IndexOf("Microsoft.ML.Data,", StringComparison.Ordinal) * 2;
        System.Text.Encoding.Unicode.GetBytes("Microsoft.ML.Dota,").CopyTo(entries[Chain], place);
        var error = Load(Pack(entries));
        Assert.NotNull(error);
        Assert.Contains("Microsoft.ML.Dota", error.Message, StringComparison.Ordinal);
    }
}
