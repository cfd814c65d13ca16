using System.Diagnostics;
using System.Text;

namespace MLPipelines.Host.Tests;

[Collection(ToolCollection.Name)]
public sealed class OutputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlp-output-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Path(string name) => System.IO.Path.Combine(_folder, name);

    private static void Write(string path, string content, bool commit = true)
    {
        using var file = new OutputFile(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(content));
        if (commit)
        {
            file.Commit();
        }
    }

    [Fact]
    public void File_appears_when_it_is_complete()
    {
        File.WriteAllText(Path("a"), "old");
        Write(Path("a"), "half", commit: false);
        Assert.Equal("old", File.ReadAllText(Path("a")));
        Write(Path("a"), "new");
        Assert.Equal("new", File.ReadAllText(Path("a")));
        Assert.Equal([Path("a")], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("target")]
    [InlineData("elsewhere/target")]
    public void Link_stays_and_its_target_is_replaced(string target)
    {
        Directory.CreateDirectory(Path("elsewhere"));
        File.WriteAllText(Path(target), "old");
        File.CreateSymbolicLink(Path("link"), target);
        Write(Path("link"), "new");
        Assert.Equal(target, new FileInfo(Path("link")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(Path(target)));
    }

    [Fact]
    public void Link_to_nothing_makes_what_it_leads_to()
    {
        File.CreateSymbolicLink(Path("link"), "target");
        Write(Path("link"), "new");
        Assert.Equal("new", File.ReadAllText(Path("target")));
        Assert.NotNull(new FileInfo(Path("link")).LinkTarget);
    }

    [Fact]
    public async Task Named_pipe_stays_and_its_reader_gets_the_content()
    {
        using (var make = Process.Start("mkfifo", [Path("pipe")]))
        {
            await make.WaitForExitAsync();
        }

        var reader = Task.Run(() => File.ReadAllText(Path("pipe")));
        await Task.Run(() => Write(Path("pipe"), "through")).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("through", await reader.WaitAsync(TimeSpan.FromSeconds(60)));
        using var test = Process.Start("test", ["-p", Path("pipe")]);
        await test.WaitForExitAsync();
        Assert.Equal(0, test.ExitCode);
    }

    [Fact]
    public void Device_stays()
    {
        // A link, so that a failure replaces the link and not the machine's device.
        File.CreateSymbolicLink(Path("null"), "/dev/null");
        Write(Path("null"), "nothing");
        Assert.Equal("/dev/null", new FileInfo(Path("null")).LinkTarget);
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Equal(-1, File.OpenRead("/dev/null").ReadByte());
    }

    [Fact]
    public void What_a_killed_run_left_is_overwritten()
    {
        File.WriteAllText(Path("a.mlp.tmp"), "half of a much longer file");
        Write(Path("a"), "new");
        Assert.Equal("new", File.ReadAllText(Path("a")));
        Assert.Equal([Path("a")], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Second_run_with_the_same_target_is_refused_and_harms_nothing()
    {
        using (var first = new OutputFile(Path("a")))
        {
            first.Stream.Write("first"u8);
            first.Stream.Flush();
            var error = Assert.Throws<UsageException>(() => new OutputFile(Path("a")));
            Assert.Contains("another run", error.Message, StringComparison.Ordinal);
            first.Commit();
        }

        Assert.Equal("first", File.ReadAllText(Path("a")));
    }

    [Fact]
    public void Folder_and_missing_folder_are_named()
    {
        Assert.Contains("is a directory", Assert.Throws<UsageException>(() => new OutputFile(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<UsageException>(() => new OutputFile(Path("no/a"))).Message, StringComparison.Ordinal);
    }
}
