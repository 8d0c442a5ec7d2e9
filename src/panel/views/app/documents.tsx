/** What is loaded when a file of profiles is opened, or two documents are compared. */
import '../../style/documents.css';

export { ComparisonScreen } from '../comparison/comparison-screen.tsx';
export { DocumentScreen } from './document-screen.tsx';
