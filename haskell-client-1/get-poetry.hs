-- | Haskell poetry client 1.0: a lazy poem, and a callback for every line.
module Main (main) where

import Control.Concurrent (Chan, forkIO, newChan, readChan, writeChan)
import Control.Exception (IOException, handle)
import Control.Monad (replicateM_, void, when, zipWithM_)
import qualified Data.ByteString.Char8 as B
import qualified Data.ByteString.Lazy.Char8 as L
import Data.Char (isDigit)
import GHC.IO.Exception (ioe_description)
import Network.Socket
import System.Environment (getArgs, getProgName)
import System.Exit (die)
import System.IO

type Address = (HostName, ServiceName)
type Poem = L.ByteString

parseAddress :: String -> IO Address
parseAddress text
    | null port || not (all isDigit port) = die "Ports must be integers."
    | read port > (65535 :: Integer) = die "Ports must be between 0 and 65535."
    | otherwise = return (host, port)
  where
    (host, port) = case break (== ':') text of
        (before, ':' : after) -> (before, after)
        (before, _) -> ("localhost", before)

connectTo :: Address -> IO Handle
connectTo (host, port) = do
    let hints = defaultHints{addrFamily = AF_INET, addrSocketType = Stream}
    server : _ <- getAddrInfo (Just hints) (Just host) (Just port)
    sock <- openSocket server
    connect sock (addrAddress server)
    socketToHandle sock ReadMode

-- | The lines of a poem, with their ends: L.lines takes those off.
linesOf :: Poem -> [L.ByteString]
linesOf poem
    | L.null poem = []
    | otherwise = (line <> L.take 1 rest) : linesOf (L.drop 1 rest)
  where
    (line, rest) = L.break (== '\n') poem

getPoetry :: Handle -> (L.ByteString -> IO ()) -> IO Poem
getPoetry h gotLine = do
    poem <- L.hGetContents h
    mapM_ gotLine (linesOf poem)
    return poem

-- | Connect to a server, and get its poem in a thread.
runTask :: Chan (Maybe Poem) -> Int -> Address -> IO ()
runTask results taskNum address@(host, port) = handle failed $ do
    h <- connectTo address
    void $ forkIO $ handle failed $ do
        poem <- getPoetry h gotLine
        writeChan results (Just poem)
  where
    gotLine line = putStrLn $
        "Task " ++ show taskNum ++ ": got " ++ show (L.length line)
            ++ " bytes of poetry from " ++ host ++ ":" ++ port
    failed err = do
        poemFailed address err
        writeChan results Nothing

-- | In one piece, so that no line about another poem comes in between.
printPoem :: Poem -> IO ()
printPoem poem = B.putStr (L.toStrict (L.snoc poem '\n'))

poemFailed :: Address -> IOException -> IO ()
poemFailed (host, port) err = hPutStrLn stderr $
    "Poem failed: " ++ host ++ ":" ++ port ++ ": " ++ ioe_description err

main :: IO ()
main = do
    -- what is printed goes out at once, also into a pipe or a file
    hSetBuffering stdout LineBuffering
    name <- getProgName
    args <- getArgs
    when (null args) $ putStrLn ("usage: " ++ name ++ " [host:]port ...")
    addresses <- mapM parseAddress args
    results <- newChan
    zipWithM_ (runTask results) [1 ..] addresses
    replicateM_ (length addresses) (readChan results >>= mapM_ printPoem)
